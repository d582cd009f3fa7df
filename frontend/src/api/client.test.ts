import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { jsonObject } from "./check";
import { configureClient, csrfToken, get, post, withQuery } from "./client";
import { ApiError, NetworkError } from "./errors";

const answer = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

const keysOf = (mock: ReturnType<typeof vi.fn>): string[] =>
  mock.mock.calls.map(
    (call) => (call[1] as { headers: Record<string, string> }).headers["Idempotency-Key"] ?? "",
  );

const unauthorized = vi.fn();
let send: ReturnType<typeof vi.fn>;

beforeEach(() => {
  send = vi.fn();
  unauthorized.mockReset();
  vi.stubGlobal("fetch", send);
  configureClient({ onUnauthorized: unauthorized, wait: () => Promise.resolve() });
});
afterEach(() => vi.unstubAllGlobals());

describe("the client", () => {
  it("reads the CSRF token at every request, since it changes at login", async () => {
    send.mockImplementation(() => Promise.resolve(answer(200, {})));
    document.cookie = "csrftoken=first";
    await post("/x", jsonObject);
    document.cookie = "csrftoken=second";
    await post("/x", jsonObject);
    const tokens = send.mock.calls.map(
      (call) => (call[1] as { headers: Record<string, string> }).headers["X-CSRFToken"],
    );
    expect(tokens).toEqual(["first", "second"]);
    expect(csrfToken()).toBe("second");
  });

  it("sends the same key again after a broken line, and gives the one answer", async () => {
    send.mockRejectedValueOnce(new TypeError("broken")).mockResolvedValueOnce(answer(200, { id: 7 }));
    expect(await post("/receipts/7/post", jsonObject, { version: 1 })).toEqual({ id: 7 });
    const keys = keysOf(send);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  it("keeps the key of an action without an answer for the next try by hand, and only for it", async () => {
    send.mockRejectedValue(new TypeError("down"));
    await expect(post("/receipts", jsonObject, { party: 1 })).rejects.toBeInstanceOf(NetworkError);
    const [first] = keysOf(send);
    send.mockReset();
    send.mockImplementation(() => Promise.resolve(answer(201, {})));
    await post("/receipts", jsonObject, { party: 1 });
    await post("/receipts", jsonObject, { party: 1 });
    const [again, fresh] = keysOf(send);
    expect(again).toBe(first);
    expect(fresh).not.toBe(first);
  });

  it("turns problem+json into an error with its fields", async () => {
    const problem = {
      status: 422,
      code: "insufficient_stock",
      message: "short by 3",
      params: { short: "3" },
      errors: [{ path: "goods_lines.1.quantity", code: "insufficient_stock", message: "short by 3" }],
    };
    send.mockResolvedValueOnce(answer(422, problem));
    const failure = await post("/deliveries/1/post", jsonObject).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({
      code: "insufficient_stock",
      params: { short: "3" },
      errors: problem.errors,
    });
    expect(send).toHaveBeenCalledTimes(1);
  });

  it("keeps the current version of a conflict", async () => {
    send.mockResolvedValueOnce(
      answer(409, { code: "revision_conflict", message: "m", current: { id: 1, version: 4 } }),
    );
    await expect(post("/x", jsonObject)).rejects.toMatchObject({ current: { id: 1, version: 4 } });
  });

  it("sends the user to the login on 401, but not for a refused login", async () => {
    send.mockResolvedValueOnce(answer(401, { code: "not_authenticated" }));
    await expect(get("/meta", jsonObject)).rejects.toMatchObject({ status: 401 });
    expect(unauthorized).toHaveBeenCalledTimes(1);
    send.mockResolvedValueOnce(answer(401, { code: "login_refused" }));
    await expect(post("/auth/login", jsonObject)).rejects.toMatchObject({ code: "login_refused" });
    expect(unauthorized).toHaveBeenCalledTimes(1);
  });

  it("gives an error for a failure that is no problem+json", async () => {
    send.mockImplementation(() => Promise.resolve(new Response("<html>", { status: 500 })));
    await expect(get("/meta", jsonObject)).rejects.toMatchObject({ status: 500, code: "http_500" });
  });

  it("leaves empty parameters out of the address", () => {
    expect(withQuery("/items", { search: "", limit: 20, party: null })).toBe("/items?limit=20");
  });
});
