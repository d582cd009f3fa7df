/** The refusals and failures a call can end with. */
import { isObject } from "./check";
import type { JsonObject } from "./json";

export interface FieldProblem {
  path: string;
  code: string;
  message: string;
}

/** A refusal of the server in the form of RFC 9457; `message` is ready to show. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly params: JsonObject = {},
    readonly errors: FieldProblem[] = [],
    readonly current: JsonObject | null = null,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** The server could not be reached, or the line broke before the answer came. */
export class NetworkError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NetworkError";
  }
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Reads a problem+json body; anything else becomes an error with the status as its code. */
export function toApiError(status: number, body: unknown): ApiError {
  if (!isObject(body)) return new ApiError(status, `http_${status}`, "");
  const errors = Array.isArray(body.errors) ? body.errors : [];
  return new ApiError(
    status,
    text(body.code) || `http_${status}`,
    text(body.message) || text(body.title),
    isObject(body.params) ? body.params : {},
    errors
      .filter(isObject)
      .map((entry) => ({ path: text(entry.path), code: text(entry.code), message: text(entry.message) })),
    isObject(body.current) ? body.current : null,
  );
}
