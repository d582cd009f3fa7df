/** 矩阵录入 Quantities of a family's items as a table: its layout, what the lines hold already, and the lines afterwards. */
import type { AxisOption, Matrix } from "../../api/shapes";
import { Decimal, readDecimal, toDecimal } from "../../meta/numbers";
import type { FieldMeta } from "../../meta/types";
import { isRef } from "../../meta/values";
import { type Line, type LineSetup, isBlank, newLine, setValue } from "../record/lines";

export type MatrixItem = Matrix["items"][number];

/** Rows are the first axis, columns the last; what lies between is chosen. One axis alone has a single column. */
export interface Layout {
  rowLabel: string;
  rows: AxisOption[];
  columns: (AxisOption | null)[];
  between: Matrix["axes"];
  /** The item of a row and a column, while these values are chosen between. */
  at: (row: AxisOption, column: AxisOption | null, chosen: readonly number[]) => MatrixItem | undefined;
}

export function layoutOf(matrix: Matrix): Layout {
  const items = new Map(matrix.items.map((item) => [item.variants.join("/"), item]));
  const [first] = matrix.axes;
  const last = matrix.axes.length > 1 ? matrix.axes[matrix.axes.length - 1] : undefined;
  return {
    rowLabel: first?.label ?? "",
    rows: first?.values ?? [],
    columns: last?.values ?? [null],
    between: matrix.axes.slice(1, -1),
    at: (row, column, chosen) => items.get([row.id, ...chosen, ...(column ? [column.id] : [])].join("/")),
  };
}

export const itemField = (fields: readonly FieldMeta[]): FieldMeta | undefined =>
  fields.find((field) => field.ref === "items" && !field.readonly);

export const quantityField = (fields: readonly FieldMeta[]): FieldMeta | undefined =>
  fields.find((field) => field.kind === "quantity" && !field.readonly);

/** The price that is typed, in the basis of the document; none where the table has no prices. */
export const priceField = ({ fields, basis }: LineSetup): FieldMeta | undefined =>
  fields.find((field) => field.name === `unit_price_${basis}` && !field.readonly);

/** The lines of an item that count its base unit: what is typed into the matrix does. */
function ownLines(lines: readonly Line[], item: MatrixItem, fields: readonly FieldMeta[]): Line[] {
  const named = itemField(fields)?.name ?? "";
  return lines.filter(({ values }) => {
    const held = values[named];
    if (!isRef(held) || held.id !== item.id) return false;
    return !isRef(values.unit) || !isRef(item.unit) || values.unit.id === item.unit.id;
  });
}

const quantityOf = (line: Line, name: string): Decimal => toDecimal(line.values[name]) ?? new Decimal(0);

/** What the lines hold of each item, by id; items that none has are left out. */
export function heldBy(
  lines: readonly Line[],
  matrix: Matrix,
  fields: readonly FieldMeta[],
): Record<number, string> {
  const name = quantityField(fields)?.name ?? "";
  const held: Record<number, string> = {};
  for (const item of matrix.items) {
    const own = ownLines(lines, item, fields);
    if (own.length > 0)
      held[item.id] = own
        .reduce((total, line) => total.plus(quantityOf(line, name)), new Decimal(0))
        .toString();
  }
  return held;
}

/** A text as a quantity: empty is nothing; null where it is no quantity. */
export function amountOf(text: string | undefined): Decimal | null {
  if (text === undefined || text.trim() === "") return new Decimal(0);
  const read = readDecimal(text);
  return read && !read.isNegative() ? read : null;
}

export interface Entered {
  /** Texts of quantities by item; what is not here stays as it is. */
  quantities: Readonly<Record<number, string>>;
  /** The price of an item, empty for the usual one. */
  priceOf: (item: MatrixItem) => string;
}

/** Brings the lines of an item to a total: the difference goes to the first, a line that comes to nothing goes. */
function spread(
  own: readonly Line[],
  wanted: Decimal,
  quantity: FieldMeta,
  setup: LineSetup,
): Map<string, Line | null> {
  const changed = new Map<string, Line | null>();
  let missing = own.reduce((left, line) => left.minus(quantityOf(line, quantity.name)), wanted);
  for (const line of own) {
    if (missing.isZero()) break;
    const now = quantityOf(line, quantity.name);
    const after = Decimal.max(0, now.plus(missing));
    missing = missing.plus(now).minus(after);
    changed.set(line.key, after.isZero() ? null : setValue(line, quantity, after.toString(), null, setup));
  }
  return changed;
}

/** The lines with what was entered: lines there are follow, lines that are missing are added, in the order of the matrix. */
export function linesAfter(
  lines: readonly Line[],
  matrix: Matrix,
  entered: Entered,
  setup: LineSetup,
): Line[] {
  const item = itemField(setup.fields);
  const quantity = quantityField(setup.fields);
  const price = priceField(setup);
  if (!item || !quantity) return [...lines];
  const priced = (line: Line, text: string): Line =>
    price && readDecimal(text)
      ? setValue(line, price, readDecimal(text)?.toString() ?? null, null, setup)
      : line;
  const changed = new Map<string, Line | null>();
  const added: Line[] = [];
  for (const one of matrix.items) {
    const own = ownLines(lines, one, setup.fields);
    const wanted = one.id in entered.quantities ? amountOf(entered.quantities[one.id]) : null;
    if (wanted && own.length === 0) {
      if (wanted.isZero()) continue;
      const named = setValue(newLine(), item, one, one, setup);
      const line = setValue(named, quantity, wanted.toString(), null, setup);
      added.push(priced(line, entered.priceOf(one)));
      continue;
    }
    const moved = wanted ? spread(own, wanted, quantity, setup) : new Map<string, Line | null>();
    for (const line of own) {
      const after = moved.has(line.key) ? (moved.get(line.key) ?? null) : line;
      changed.set(line.key, after && priced(after, entered.priceOf(one)));
    }
  }
  const kept = lines.flatMap((line) => {
    if (!changed.has(line.key)) return isBlank(line, setup.fields, setup.today) ? [] : [line];
    const after = changed.get(line.key);
    return after ? [after] : [];
  });
  return [...kept, ...added];
}
