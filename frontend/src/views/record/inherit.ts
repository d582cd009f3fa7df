/**
 * 随单头 What lines have of the header: a declared line field (`inherits`) that holds nothing has the header's value,
 * whatever that becomes; a line with a value of its own keeps it.
 */
import type { Json } from "../../api/json";
import type { FieldMeta, RecordMeta } from "../../meta/types";
import { type Values, isEmpty, sameValue } from "../../meta/values";
import type { Draft } from "./draft";
import type { Line } from "./lines";

/** Header values by the line field that inherits them; only those that are there. */
export function inheritedOf(fields: readonly FieldMeta[], header: Values): Values {
  const found: Values = {};
  for (const { name, inherits } of fields) {
    const value = inherits === null ? null : header[inherits];
    if (value !== undefined && !isEmpty(value)) found[name] = value;
  }
  return found;
}

/** The draft with lines holding nothing where they only repeat the header: so they follow it from now on. */
export function inheriting(meta: RecordMeta, draft: Draft): Draft {
  const lines: Draft["lines"] = { ...draft.lines };
  for (const { name, fields } of meta.lines) {
    const given = inheritedOf(fields, draft.header);
    const names = Object.keys(given);
    if (names.length === 0) continue;
    lines[name] = (draft.lines[name] ?? []).map((line) => {
      const repeated = names.filter((field) => sameValue(line.values[field], given[field]));
      if (repeated.length === 0) return line;
      const nothing = Object.fromEntries(repeated.map((field) => [field, null]));
      return { ...line, values: { ...line.values, ...nothing } };
    });
  }
  return { ...draft, lines };
}

/** Whether a cell shows the header's value: it holds nothing of its own and its line is in use. */
export const isInherited = (line: Line, name: string, inherited: Values): boolean =>
  inherited[name] !== undefined &&
  isEmpty(line.values[name]) &&
  line.unresolved[name] === undefined &&
  (line.id !== null || Object.values(line.values).some((value) => !isEmpty(value)));

/** What a cell shows: its own value, else the header's. */
export const shownValue = (line: Line, name: string, inherited: Values): Json | undefined =>
  isInherited(line, name, inherited) ? inherited[name] : line.values[name];
