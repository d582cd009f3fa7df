/**
 * Small validators for answers of the server: each takes an unknown value and gives it typed, or says where it
 * is not as promised. Only the shapes the screens rely on are checked; further keys pass through untouched.
 */
import type { Json, JsonObject } from "./json";

export type Check<T> = (value: unknown, path: string) => T;

/** An answer that is not of the promised shape; `path` says where. */
export class ShapeError extends Error {
  constructor(
    readonly path: string,
    readonly expected: string,
  ) {
    super(`${path}: expected ${expected}`);
    this.name = "ShapeError";
  }
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const string: Check<string> = (value, path) => {
  if (typeof value !== "string") throw new ShapeError(path, "a string");
  return value;
};

export const number: Check<number> = (value, path) => {
  if (typeof value !== "number") throw new ShapeError(path, "a number");
  return value;
};

export const boolean: Check<boolean> = (value, path) => {
  if (typeof value !== "boolean") throw new ShapeError(path, "true or false");
  return value;
};

export const json: Check<Json> = (value) => (value === undefined ? null : (value as Json));

export const jsonObject: Check<JsonObject> = (value, path) => {
  if (!isObject(value)) throw new ShapeError(path, "an object");
  return value;
};

export const nullable =
  <T>(check: Check<T>): Check<T | null> =>
  (value, path) =>
    value === null || value === undefined ? null : check(value, path);

export const withDefault =
  <T>(check: Check<T>, fallback: T): Check<T> =>
  (value, path) =>
    value === null || value === undefined ? fallback : check(value, path);

export const array =
  <T>(check: Check<T>): Check<T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) throw new ShapeError(path, "a list");
    return value.map((entry, index) => check(entry, `${path}.${index}`));
  };

export const record =
  <T>(check: Check<T>): Check<Record<string, T>> =>
  (value, path) => {
    const source = jsonObject(value, path);
    return Object.fromEntries(
      Object.entries(source).map(([key, entry]) => [key, check(entry, `${path}.${key}`)]),
    );
  };

type Shape<T> = { [K in keyof T]: Check<T[K]> };

/** An object with at least these keys; what is not named is kept as it came. */
export const object =
  <T extends object>(shape: Shape<T>): Check<T> =>
  (value, path) => {
    const source = jsonObject(value, path);
    const checked: Record<string, unknown> = { ...source };
    for (const key of Object.keys(shape) as (keyof T & string)[]) {
      checked[key] = shape[key](source[key], path === "" ? key : `${path}.${key}`);
    }
    return checked as T;
  };
