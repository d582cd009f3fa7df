/** A record while it is being edited: from the server, to the server, and what the server said about it. */
import { isObject } from "../../api/check";
import type { FieldProblem } from "../../api/errors";
import type { Json, JsonObject } from "../../api/json";
import type { FieldMeta, RecordMeta } from "../../meta/types";
import { type Values, defaultOf, isEmpty, sameValue, toWire } from "../../meta/values";
import { inheriting } from "./inherit";
import { type Line, isBlank, lineOf } from "./lines";

export interface Draft {
  header: Values;
  lines: Record<string, Line[]>;
}

/** Refusals by place: header fields, cells of lines (by line key), and what names neither. */
export interface Problems {
  header: Record<string, string>;
  lines: Record<string, Record<string, Record<string, string>>>;
  other: string[];
}

export const NO_PROBLEMS: Problems = { header: {}, lines: {}, other: [] };

export function emptyDraft(meta: RecordMeta, today: string): Draft {
  const header: Values = {};
  for (const field of meta.fields) {
    const value = defaultOf(field, today);
    if (value !== null) header[field.name] = value;
  }
  return { header, lines: Object.fromEntries(meta.lines.map(({ name }) => [name, []])) };
}

export function draftOf(meta: RecordMeta, stored: JsonObject): Draft {
  const header: Values = {};
  for (const { name } of meta.fields) header[name] = stored[name] ?? null;
  for (const name of ["price_basis"]) if (stored[name] !== undefined) header[name] = stored[name];
  const lines: Record<string, Line[]> = {};
  for (const { name } of meta.lines) {
    const rows = stored[name];
    lines[name] = Array.isArray(rows) ? rows.filter(isObject).map(lineOf) : [];
  }
  return inheriting(meta, { header, lines });
}

function written(fields: readonly FieldMeta[], values: Values, skipEmpty: boolean): JsonObject {
  const body: JsonObject = {};
  for (const field of fields) {
    if (field.readonly || !(field.name in values)) continue;
    const value = toWire(values[field.name]);
    if (!(skipEmpty && isEmpty(value))) body[field.name] = value;
  }
  return body;
}

export interface Outgoing {
  body: JsonObject;
  /** Line keys in the order they were sent, to find the cell an error names. */
  sent: Record<string, string[]>;
}

/** What is sent: fields that may be written, lines that hold something. A new record leaves defaults to the server. */
export function outgoing(meta: RecordMeta, draft: Draft, version: number | null, today: string): Outgoing {
  const body = written(meta.fields, draft.header, version === null);
  if (version !== null) body.version = version;
  const sent: Record<string, string[]> = {};
  for (const { name, fields } of meta.lines) {
    const held = (draft.lines[name] ?? []).filter((line) => !isBlank(line, fields, today));
    sent[name] = held.map(({ key }) => key);
    body[name] = held.map((line) => ({
      ...(line.id === null ? {} : { id: line.id }),
      ...written(fields, line.values, line.id === null),
    }));
  }
  return { body, sent };
}

/** Sorts refusals to the fields and cells they name. */
export function problemsOf(errors: readonly FieldProblem[], sent: Record<string, string[]>): Problems {
  const problems: Problems = { header: {}, lines: {}, other: [] };
  for (const { path, message } of errors) {
    const [head = "", index, field] = path.split(".");
    const key = index === undefined ? undefined : sent[head]?.[Number(index)];
    if (key !== undefined) {
      const line = ((problems.lines[head] ??= {})[key] ??= {});
      line[field ?? ""] ??= message;
    } else if (path !== "" && index === undefined && !(head in sent)) problems.header[head] ??= message;
    else problems.other.push(message);
  }
  return problems;
}

/** What the browser can tell without asking: required fields and texts that are no values. */
export function localProblems(
  meta: RecordMeta,
  draft: Draft,
  today: string,
  words: {
    required: string;
    unresolved: (reason: string, text: string) => string;
    lines: (label: string) => string;
  },
): Problems {
  const problems: Problems = { header: {}, lines: {}, other: [] };
  for (const field of meta.fields) {
    if (field.required && !field.readonly && isEmpty(draft.header[field.name]) && !isServerDefault(field)) {
      problems.header[field.name] = words.required;
    }
  }
  for (const { name, fields, required, label } of meta.lines) {
    const held = (draft.lines[name] ?? []).filter((line) => !isBlank(line, fields, today));
    if (required && held.length === 0) problems.other.push(words.lines(label));
    for (const line of held) {
      const cells: Record<string, string> = {};
      for (const field of fields) {
        const open = line.unresolved[field.name];
        if (open) cells[field.name] = words.unresolved(open.reason, open.text);
        else if (
          field.required &&
          !field.readonly &&
          isEmpty(line.values[field.name]) &&
          !isServerDefault(field)
        ) {
          cells[field.name] = words.required;
        }
      }
      if (Object.keys(cells).length > 0) (problems.lines[name] ??= {})[line.key] = cells;
    }
  }
  return problems;
}

const isServerDefault = (field: FieldMeta): boolean =>
  typeof field.default === "string" && field.default.startsWith("@");

type Marks = Record<string, Record<string, string>>;

/** The marks of lines without those of cells that have changed since. */
export function stillMarked(marks: Marks, before: readonly Line[], after: readonly Line[]): Marks {
  const old = new Map(before.map((line) => [line.key, line]));
  const kept: Marks = {};
  for (const line of after) {
    const marked = marks[line.key];
    if (!marked) continue;
    const same = (name: string) => sameValue(old.get(line.key)?.values[name], line.values[name]);
    const cells = Object.entries(marked).filter(([name]) => old.get(line.key) === line || same(name));
    if (cells.length > 0) kept[line.key] = Object.fromEntries(cells);
  }
  return kept;
}

export const hasProblems = (problems: Problems): boolean =>
  Object.keys(problems.header).length > 0 ||
  Object.keys(problems.lines).length > 0 ||
  problems.other.length > 0;

/** The first marked cell of the lines: which grid, which row of it, which field. */
export function firstMarked(
  problems: Problems,
  draft: Draft,
): { lines: string; row: number; field: string } | null {
  for (const [name, rows] of Object.entries(problems.lines)) {
    const row = (draft.lines[name] ?? []).findIndex((line) => rows[line.key]);
    const key = draft.lines[name]?.[row]?.key;
    if (key !== undefined) return { lines: name, row, field: Object.keys(rows[key] ?? {})[0] ?? "" };
  }
  return null;
}

export interface Difference {
  label: string;
  field: FieldMeta | null;
  mine: Json;
  theirs: Json;
}

/** Where my version and the one on the server now say different things. */
export function differences(meta: RecordMeta, mine: Draft, theirs: JsonObject): Difference[] {
  const found: Difference[] = [];
  for (const field of meta.fields) {
    if (field.readonly || sameValue(mine.header[field.name], theirs[field.name])) continue;
    found.push({
      label: field.label,
      field,
      mine: mine.header[field.name] ?? null,
      theirs: theirs[field.name] ?? null,
    });
  }
  for (const { name, label, fields } of meta.lines) {
    const [own, other] = [mine.lines[name] ?? [], draftOf(meta, theirs).lines[name] ?? []];
    const rows = Math.max(own.length, other.length);
    for (let row = 0; row < rows; row += 1) {
      for (const field of fields) {
        const [left, right] = [own[row]?.values[field.name] ?? null, other[row]?.values[field.name] ?? null];
        if (field.readonly || sameValue(left, right)) continue;
        found.push({ label: `${label} ${row + 1} · ${field.label}`, field, mine: left, theirs: right });
      }
    }
  }
  return found;
}

/** A draft as it is kept in this browser between keystrokes and crashes. */
export const packDraft = (draft: Draft, version: number | null): Json => ({
  version,
  header: draft.header,
  lines: Object.fromEntries(
    Object.entries(draft.lines).map(([name, lines]) => [
      name,
      lines.map(({ id, values, unresolved }) => ({
        id,
        values,
        unresolved: { ...unresolved } as unknown as Json,
      })),
    ]),
  ),
});

export function unpackDraft(meta: RecordMeta, packed: Json): { draft: Draft; version: number | null } | null {
  if (!isObject(packed) || !isObject(packed.header) || !isObject(packed.lines)) return null;
  const lines: Record<string, Line[]> = {};
  for (const { name } of meta.lines) {
    const rows = packed.lines[name];
    lines[name] = (Array.isArray(rows) ? rows : []).filter(isObject).map((row) => ({
      ...lineOf({ id: row.id ?? null, ...(isObject(row.values) ? row.values : {}) }),
      unresolved: isObject(row.unresolved) ? (row.unresolved as unknown as Line["unresolved"]) : {},
    }));
  }
  return {
    draft: { header: packed.header, lines },
    version: typeof packed.version === "number" ? packed.version : null,
  };
}
