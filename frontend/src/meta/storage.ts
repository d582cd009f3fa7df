/** What this browser remembers, per user: column settings, open tabs, unsaved drafts. */
import type { Json } from "../api/json";

const PREFIX = "hengcang:";

/** Reads a remembered value; a full, blocked or damaged store is the same as an empty one. */
export function recall(username: string, key: string): Json | null {
  try {
    const text = localStorage.getItem(`${PREFIX}${username}:${key}`);
    return text === null ? null : (JSON.parse(text) as Json);
  } catch {
    return null;
  }
}

export function remember(username: string, key: string, value: Json): void {
  try {
    localStorage.setItem(`${PREFIX}${username}:${key}`, JSON.stringify(value));
  } catch {
    // A full store must never stop the work; the value is only a convenience.
  }
}

export function forget(username: string, key: string): void {
  try {
    localStorage.removeItem(`${PREFIX}${username}:${key}`);
  } catch {
    // As above.
  }
}
