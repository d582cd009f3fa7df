/** 凭证 The voucher of a posting: what its moves and entries together put on each account, debit and credit. */
import type { JsonObject } from "../../api/json";
import { Decimal, sum, toDecimal } from "../../meta/numbers";
import { textOf } from "../../meta/values";

export interface VoucherLine {
  account: string;
  party: string;
  debit: Decimal | null;
  credit: Decimal | null;
}

interface Side {
  account: string;
  party: string;
  /** Positive is debit. */
  amount: Decimal;
}

/** The account by number and name; its label may begin with the number already. */
function accountOf(entry: JsonObject): string {
  const [account, label] = [textOf(entry.account), textOf(entry.account_label)];
  return label.startsWith(account) ? label : `${account} ${label}`.trim();
}

/** Goods that move take their value from one account to another. */
function sidesOfMove(move: JsonObject): Side[] {
  const value = toDecimal(move.value);
  const [debit, credit] = [textOf(move.debit_account), textOf(move.credit_account)];
  if (!value || value.isZero() || debit === credit) return [];
  return [
    { account: debit, party: "", amount: value },
    { account: credit, party: "", amount: value.neg() },
  ].filter(({ account }) => account !== "");
}

function sideOfEntry(entry: JsonObject): Side {
  const given = sum([entry.debit]).minus(sum([entry.credit]));
  return {
    account: accountOf(entry),
    party: textOf(entry.party) || textOf(entry.cash_account),
    amount: toDecimal(entry.amount) ?? given,
  };
}

/** The lines of the voucher, one per account, party and side, in the order in which they first occur. */
export function voucherOf(moves: readonly JsonObject[], entries: readonly JsonObject[]): VoucherLine[] {
  const sums = new Map<string, Side>();
  for (const side of [...moves.flatMap(sidesOfMove), ...entries.map(sideOfEntry)]) {
    if (side.amount.isZero()) continue;
    const key = [side.account, side.party, side.amount.isNegative()].join("|");
    const known = sums.get(key);
    sums.set(key, known ? { ...known, amount: known.amount.plus(side.amount) } : side);
  }
  return [...sums.values()].map(({ account, party, amount }) => ({
    account,
    party,
    debit: amount.isNegative() ? null : amount,
    credit: amount.isNegative() ? amount.neg() : null,
  }));
}

export const totalOf = (lines: readonly VoucherLine[], side: "debit" | "credit"): Decimal =>
  lines.reduce((total, line) => total.plus(line[side] ?? 0), new Decimal(0));
