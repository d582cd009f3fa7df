/** What of a line a card shows, and where: told by the kinds of its fields, so that every table of lines has cards. */
import type { Basis } from "../../meta/amounts";
import { sum, toDecimal } from "../../meta/numbers";
import type { FieldMeta } from "../../meta/types";
import { type Values, isEmpty } from "../../meta/values";
import { type Line, basisOf } from "../record/lines";

export interface CardParts {
  /** What the line is about. */
  title: FieldMeta | undefined;
  quantity: FieldMeta | undefined;
  unit: FieldMeta | undefined;
  /** How much that is in the second unit of its item. */
  second: FieldMeta | undefined;
  secondUnit: FieldMeta | undefined;
  /** The price that was given. */
  price: FieldMeta | undefined;
  amount: FieldMeta | undefined;
  /** Whatever else was put in. */
  rest: FieldMeta[];
}

const NAMED = new Set(["ref", "document"]);
const TOLD = new Set(["ref", "document", "lot", "text", "longtext", "date", "boolean"]);
const SECOND = ["second_quantity", "second_unit"];
const PRICES: Record<Basis, string> = { net: "unit_price_net", gross: "unit_price_gross" };

/** The money a line comes to: the last column of money that is summed, or the last of all where none is. */
export const amountField = (fields: readonly FieldMeta[]): FieldMeta | undefined =>
  fields.findLast(({ kind, total }) => kind === "money" && total) ??
  fields.findLast(({ kind }) => kind === "money");

const isSaid = (field: FieldMeta, values: Values): boolean => {
  const value = values[field.name];
  if (isEmpty(value) || value === false) return false;
  if (TOLD.has(field.kind)) return true;
  // A number that is declared to be something is worth a word where it is something else, such as a discount.
  if (field.kind === "quantity") return field.readonly;
  return field.kind === "rate" && field.default !== null && !sameNumber(value, field.default);
};

const sameNumber = (left: unknown, right: unknown): boolean => {
  const [one, other] = [toDecimal(left), toDecimal(right)];
  return one !== null && other !== null && one.eq(other);
};

export function cardParts(fields: readonly FieldMeta[], line: Line, basis: Basis): CardParts {
  const { values } = line;
  const held = (field: FieldMeta) => !isEmpty(values[field.name]) || field.name in line.unresolved;
  const title = fields.find((field) => NAMED.has(field.kind) && held(field)) ?? fields.find(held);
  const quantity = fields.find(({ kind, readonly }) => kind === "quantity" && !readonly);
  const unit = fields.find(({ kind }) => kind === "unit");
  const [second, secondUnit] = SECOND.map((own) => fields.find(({ name }) => name === own));
  const given = fields.find(({ name }) => name === PRICES[basisOf(values, basis)]);
  const price = given ?? fields.find((field) => field.kind === "price" && held(field));
  const amount = amountField(fields);
  const shown = [title, quantity, unit, second, secondUnit, price, amount];
  return {
    title,
    quantity,
    unit,
    second: second && held(second) ? second : undefined,
    secondUnit,
    price: price && held(price) ? price : undefined,
    amount,
    rest: fields.filter((field) => !shown.includes(field) && isSaid(field, values)),
  };
}

/** The columns whose sums stand under the cards: what was counted; what it comes to stands under the document. */
export const summed = (fields: readonly FieldMeta[]): FieldMeta[] =>
  fields.filter(({ kind, total, readonly }) => kind === "quantity" && total && !readonly);

export const total = (field: FieldMeta, lines: readonly Line[]): string =>
  sum(lines.map(({ values }) => values[field.name])).toString();
