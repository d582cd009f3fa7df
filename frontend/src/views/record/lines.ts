/** Lines of a record while they are being typed: values, what could not be read yet, and the edits on them. */
import type { Json, JsonObject } from "../../api/json";
import { type Basis, basisAfter, movesAmounts, recompute, rescalePrice } from "../../meta/amounts";
import type { FieldMeta } from "../../meta/types";
import { type Values, defaultOf, fillsOf, isEmpty, sameValue } from "../../meta/values";
import { type Usual, follow, usualAfter } from "./seconds";

/** Text that is not a value of its field (yet): kept and marked, never lost. */
export interface Unresolved {
  text: string;
  /** i18n key of the reason; "field.looking_up" while the server is being asked. */
  reason: string;
}

export interface Line {
  /** Names the line in the browser; `id` is the server's, null until it is saved. */
  key: string;
  id: number | null;
  values: Values;
  unresolved: Record<string, Unresolved>;
  /** Of an item with a second unit, where it was picked here. */
  usual?: Usual | undefined;
}

export const LOOKING_UP = "field.looking_up";
let lastKey = 0;

const nextKey = (): string => {
  lastKey += 1;
  return `line-${lastKey}`;
};

/** An empty line; its defaults come with the first thing that is put into it, so that empty lines look empty. */
export const newLine = (): Line => ({ key: nextKey(), id: null, values: {}, unresolved: {} });

/** The line with the defaults of its fields, where nothing was put into it before. */
function begun(line: Line, fields: readonly FieldMeta[], today: string): Line {
  if (line.id !== null || !Object.values(line.values).every(isEmpty)) return line;
  const values: Values = {};
  for (const field of fields) {
    const value = defaultOf(field, today);
    if (value !== null) values[field.name] = value;
  }
  return { ...line, values };
}

export function lineOf(stored: JsonObject): Line {
  const { id, ...values } = stored;
  return { key: nextKey(), id: typeof id === "number" ? id : null, values, unresolved: {} };
}

/** A line nobody has put anything into: it is neither saved nor counted. */
export function isBlank(line: Line, fields: readonly FieldMeta[], today: string): boolean {
  if (line.id !== null || Object.keys(line.unresolved).length > 0) return false;
  return fields.every(
    (field) =>
      isEmpty(line.values[field.name]) ||
      sameValue(line.values[field.name], defaultOf(field, today)) ||
      field.readonly,
  );
}

/** What the edits of a line depend on. */
export interface LineSetup {
  fields: readonly FieldMeta[];
  basis: Basis;
  today: string;
}

export const basisOf = (line: Values, header: Basis): Basis =>
  line.price_basis === "net" || line.price_basis === "gross" ? line.price_basis : header;

const without = <T>(record: Record<string, T>, name: string): Record<string, T> => {
  if (!(name in record)) return record;
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
};

/** Another unit of the same item: the prices follow the ratio of the factors, where both are known. */
function changeUnit(values: Values, option: JsonObject | null): Values {
  const scaled: Values = { ...values };
  for (const name of ["unit_price_net", "unit_price_gross"]) {
    const price = option ? rescalePrice(values[name], option.factor_before, option.factor) : null;
    if (price !== null) scaled[name] = price;
  }
  return scaled;
}

/** The line after one field was set: what the option fills in, the other price and the amounts follow. */
export function setValue(
  line: Line,
  field: FieldMeta,
  value: Json,
  option: JsonObject | null,
  setup: LineSetup,
): Line {
  const { fields, basis: headerBasis, today } = setup;
  const known = new Set(fields.map((entry) => entry.name));
  const fills = fillsOf(field, option);
  const start = isEmpty(value) ? line : begun(line, fields, today);
  let values: Values = { ...start.values, ...fills, [field.name]: value };
  if (field.kind === "unit") values = changeUnit(values, option);
  const usual = usualAfter(start.usual, field, value, option);
  const beside = known.has("second_quantity") ? follow(usual, field, values, option) : {};
  values = { ...values, ...beside };
  const edited = [
    field.name,
    ...Object.keys(beside),
    ...Object.keys(fills),
    ...(field.kind === "unit" ? ["quantity"] : []),
  ].filter(movesAmounts);
  for (const name of edited) {
    const basis = basisOf(values, headerBasis);
    const computed = recompute(values, name, basis);
    for (const [key, result] of Object.entries(computed)) if (known.has(key)) values[key] = result;
    const after = basisAfter(name, basis);
    if (after !== basis) values.price_basis = after;
  }
  return { ...line, values, usual, unresolved: without(line.unresolved, field.name) };
}

/** The line with a text that could not be read: the old value goes, the text stays in the cell with its reason. */
export function setUnresolved(line: Line, field: FieldMeta, text: string, reason: string): Line {
  return {
    ...line,
    values: { ...line.values, [field.name]: null },
    unresolved: { ...line.unresolved, [field.name]: { text, reason } },
  };
}

export const copyOf = (line: Line): Line => ({ ...line, key: nextKey(), id: null });

/** The lines with one replaced; the same array where the line is gone. */
export function replaceLine(lines: readonly Line[], key: string, change: (line: Line) => Line): Line[] {
  return lines.map((line) => (line.key === key ? change(line) : line));
}
