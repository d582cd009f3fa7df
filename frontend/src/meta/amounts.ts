/**
 * Amounts of a line, exactly as the server computes them, so that what is seen while typing is what is saved.
 *
 * The basis says which price is the given one. With "net" the net amount comes first and the tax is added; with
 * "gross" the gross amount comes first and the tax is taken out. Amounts are rounded half up to the cent once; the
 * price that is not given, and a price that is derived from an amount, have six decimals.
 */
import { Decimal, toDecimal } from "./numbers";
import type { Values } from "./values";

export type Basis = "net" | "gross";

const CENTS = 2;
const PRICE_DECIMALS = 6;
const ONE = new Decimal(1);

/** What an edit of each field makes the given price; other fields leave it as it was. */
const BASIS_OF: Record<string, Basis> = {
  unit_price_net: "net",
  amount_net: "net",
  unit_price_gross: "gross",
  amount_gross: "gross",
};
const INPUTS = new Set([
  "quantity",
  "price_basis",
  "discount",
  "tax_rate",
  "tax_amount",
  ...Object.keys(BASIS_OF),
]);

/** Whether editing this field changes the amounts of the line. */
export const movesAmounts = (field: string): boolean => INPUTS.has(field);

/** The basis after this field was edited. */
export const basisAfter = (field: string, basis: Basis): Basis => BASIS_OF[field] ?? basis;

const price = (value: Decimal): string => value.toDecimalPlaces(PRICE_DECIMALS).toString();
const amount = (value: Decimal): Decimal => value.toDecimalPlaces(CENTS);

/** The price that makes this amount, to six decimals; null where quantity or discount leave none. */
export function priceOfAmount(total: Decimal, quantity: Decimal, discount: Decimal): string | null {
  const units = quantity.times(ONE.minus(discount));
  return units.isZero() ? null : price(total.div(units));
}

/** The line's amounts and its other price, from its quantity, discount, tax rate and the price of the basis. */
export function amountsOf(line: Values, basis: Basis): Values {
  const quantity = toDecimal(line.quantity);
  const discount = toDecimal(line.discount) ?? new Decimal(0);
  const rate = toDecimal(line.tax_rate) ?? new Decimal(0);
  const given = toDecimal(basis === "net" ? line.unit_price_net : line.unit_price_gross);
  if (!given) return {};
  const other: Values =
    basis === "net"
      ? { unit_price_gross: price(given.times(ONE.plus(rate))) }
      : { unit_price_net: price(given.div(ONE.plus(rate))) };
  if (!quantity) return { ...other, amount_net: null, tax_amount: null, amount_gross: null };
  const total = amount(quantity.times(given).times(ONE.minus(discount)));
  const net = basis === "net" ? total : amount(total.div(ONE.plus(rate)));
  const tax = basis === "net" ? amount(net.times(rate)) : total.minus(net);
  return {
    ...other,
    amount_net: net.toString(),
    tax_amount: tax.toString(),
    amount_gross: net.plus(tax).toString(),
  };
}

/** The line after `field` was edited: a typed amount first becomes the price of its basis. */
export function recompute(line: Values, field: string, basis: Basis): Values {
  const after = basisAfter(field, basis);
  const given = { ...line };
  if (field === "amount_net" || field === "amount_gross") {
    const quantity = toDecimal(line.quantity);
    const total = toDecimal(line[field]);
    if (!quantity || !total) return line;
    const derived = priceOfAmount(total, quantity, toDecimal(line.discount) ?? new Decimal(0));
    if (derived === null) return line;
    given[after === "net" ? "unit_price_net" : "unit_price_gross"] = derived;
  }
  return { ...given, ...amountsOf(given, after) };
}

/** A price per one unit as a price per another: by the ratio of their factors to the base unit. */
export function rescalePrice(value: unknown, from: unknown, to: unknown): string | null {
  const [old, before, after] = [toDecimal(value), toDecimal(from), toDecimal(to)];
  if (!old || !before || !after || before.isZero()) return null;
  return price(old.times(after).div(before));
}
