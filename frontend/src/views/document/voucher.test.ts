import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../api/json";
import { totalOf, voucherOf } from "./voucher";

const move = (value: string) => ({
  value,
  debit_account: "1405 goods",
  credit_account: "2202.99 provisional",
});
const entries: JsonObject[] = [
  { account: "2202.99", account_label: "2202.99 provisional", amount: "142.5", debit: "142.5", credit: null },
  { account: "2202", account_label: "payable", party: "A", amount: "-142.5", debit: null, credit: "142.5" },
];

describe("the voucher of a posting", () => {
  it("joins moves and entries to one line per account and side, and balances", () => {
    const lines = voucherOf([move("55"), move("31.5"), move("56")], entries);
    expect(
      lines.map(({ account, party, debit, credit }) => [
        account,
        party,
        debit?.toString(),
        credit?.toString(),
      ]),
    ).toEqual([
      ["1405 goods", "", "142.5", undefined],
      ["2202.99 provisional", "", undefined, "142.5"],
      ["2202.99 provisional", "", "142.5", undefined],
      ["2202 payable", "A", undefined, "142.5"],
    ]);
    expect(totalOf(lines, "debit").toString()).toBe(totalOf(lines, "credit").toString());
  });

  it("puts a reversal on the other side and leaves out moves inside of one account", () => {
    const inside = { value: "9", debit_account: "1405 goods", credit_account: "1405 goods" };
    const lines = voucherOf([inside, move("-10")], []);
    expect(lines.map(({ account, debit }) => [account, debit?.toString()])).toEqual([
      ["1405 goods", undefined],
      ["2202.99 provisional", "10"],
    ]);
  });
});
