/**
 * The one place that talks to the server.
 *
 * Commands carry an Idempotency-Key that is made once per user action: the automatic retry after a broken line,
 * and the same action tried again by hand after it, send the same key, so the server does the work once.
 */
import type { Check } from "./check";
import { ApiError, NetworkError, toApiError } from "./errors";
import type { Json } from "./json";

const BASE = "/api/v1";
const RETRY_DELAYS_MS = [400, 1200];
const GATEWAY_FAILURES = new Set([502, 503, 504]);

export type Query = Record<string, string | number | boolean | null | undefined>;
type Method = "GET" | "POST" | "PUT" | "DELETE";

interface Settings {
  language: string;
  onUnauthorized: () => void;
  wait: (milliseconds: number) => Promise<void>;
}

const settings: Settings = {
  language: "zh-CN",
  onUnauthorized: () => undefined,
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** Sets language, what happens on 401, and (in tests) how to wait. */
export function configureClient(changes: Partial<Settings>): void {
  Object.assign(settings, changes);
}

/** The CSRF token now; it changes at login, so it is read at every request. */
export function csrfToken(): string {
  const found = /(?:^|;\s*)csrftoken=([^;]*)/.exec(document.cookie);
  return found?.[1] ? decodeURIComponent(found[1]) : "";
}

export function withQuery(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") params.set(key, String(value));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

/** A full address for links and downloads. */
export const address = (path: string, query: Query = {}): string => BASE + withQuery(path, query);

const openActions = new Map<string, string>();

/** The key of an action: the same while it has had no definite answer, new after that. */
function actionKey(action: string): string {
  const open = openActions.get(action);
  if (open) return open;
  const key = newKey();
  openActions.set(action, key);
  return key;
}

/** A unique string, also where the page is not served over TLS (crypto.randomUUID is absent there). */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function send(url: string, init: RequestInit): Promise<Response> {
  for (let attempt = 0; ; attempt += 1) {
    const delay = RETRY_DELAYS_MS[attempt];
    try {
      const response = await fetch(url, init);
      if (delay === undefined || !GATEWAY_FAILURES.has(response.status)) return response;
    } catch (failure) {
      if (init.signal?.aborted) throw failure;
      if (delay === undefined) throw new NetworkError(String(failure));
    }
    await settings.wait(delay);
  }
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!text) return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

async function request<T>(
  method: Method,
  path: string,
  check: Check<T>,
  body?: Json | FormData,
  signal?: AbortSignal,
): Promise<T> {
  const headers: Record<string, string> = {
    Accept: "application/json",
    "Accept-Language": settings.language,
  };
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (signal) init.signal = signal;
  let action: string | null = null;
  if (body instanceof FormData) {
    init.body = body;
  } else if (body !== undefined) {
    init.body = JSON.stringify(body);
    headers["Content-Type"] = "application/json";
  }
  if (method !== "GET") {
    action =
      body instanceof FormData
        ? `${method} ${path} ${newKey()}`
        : `${method} ${path} ${String(init.body ?? "")}`;
    headers["X-CSRFToken"] = csrfToken();
    headers["Idempotency-Key"] = actionKey(action);
  }
  const response = await send(BASE + path, init);
  if (action && !GATEWAY_FAILURES.has(response.status)) openActions.delete(action);
  const answer = await readBody(response);
  if (!response.ok) {
    const error = toApiError(response.status, answer);
    if (error.status === 401 && error.code !== "login_refused") settings.onUnauthorized();
    throw error;
  }
  return check(answer, "");
}

export const get = <T>(path: string, check: Check<T>, query: Query = {}, signal?: AbortSignal): Promise<T> =>
  request("GET", withQuery(path, query), check, undefined, signal);

export const post = <T>(path: string, check: Check<T>, body: Json | FormData = {}): Promise<T> =>
  request("POST", path, check, body);

export const put = <T>(path: string, check: Check<T>, body: Json): Promise<T> =>
  request("PUT", path, check, body);

export const remove = <T>(path: string, check: Check<T>): Promise<T> => request("DELETE", path, check);

/** What to show for a failure of any kind; `fallback` where the server had no words. */
export function messageOf(failure: unknown, fallback: string): string {
  if (failure instanceof ApiError) return failure.message || `${fallback} (${failure.code})`;
  return fallback;
}
