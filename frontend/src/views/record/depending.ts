/**
 * 随单头的字段 Fields that are there only while the header says so (`when`): elsewhere they are not shown and hold nothing,
 * so that nothing is sent for them either.
 */
import { useMemo } from "react";
import type { FieldMeta, RecordMeta } from "../../meta/types";
import { type Values, isEmpty } from "../../meta/values";
import type { Draft } from "./draft";
import type { Line } from "./lines";

/** Whether a field, or a button, is there under this header. */
export const isThere = (field: Pick<FieldMeta, "when">, header: Values): boolean =>
  Object.entries(field.when).every(([name, needs]) => header[name] === needs);

/** The fields that are there; the same array while these stay the same. */
export function useThere(fields: readonly FieldMeta[], header: Values): readonly FieldMeta[] {
  const there = fields.map((field) => isThere(field, header));
  const key = there.join();
  // eslint-disable-next-line react-hooks/exhaustive-deps
  return useMemo(() => fields.filter((_, at) => there[at]), [fields, key]);
}

function without(values: Values, names: readonly string[]): Values {
  const held = names.filter((name) => !isEmpty(values[name]));
  return held.length === 0 ? values : { ...values, ...Object.fromEntries(held.map((name) => [name, null])) };
}

function cleared(line: Line, names: readonly string[]): Line {
  const values = without(line.values, names);
  const unresolved = Object.fromEntries(
    Object.entries(line.unresolved).filter(([name]) => !names.includes(name)),
  );
  const same =
    values === line.values && Object.keys(unresolved).length === Object.keys(line.unresolved).length;
  return same ? line : { ...line, values, unresolved };
}

/** The draft with nothing in the fields that are not there; tables and lines that hold nothing of them stay the same. */
export function emptied(meta: RecordMeta, draft: Draft): Draft {
  const gone = (fields: readonly FieldMeta[]) =>
    fields.filter((field) => !isThere(field, draft.header)).map(({ name }) => name);
  const lines: Draft["lines"] = { ...draft.lines };
  for (const { name, fields } of meta.lines) {
    const names = gone(fields);
    const before = lines[name] ?? [];
    const after = before.map((line) => cleared(line, names));
    if (after.some((line, at) => line !== before[at])) lines[name] = after;
  }
  return { header: without(draft.header, gone(meta.fields)), lines };
}
