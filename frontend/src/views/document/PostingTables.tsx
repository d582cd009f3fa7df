/** 记账 Moves and entries as a bookkeeper reads them: goods from place to place, money 借 and 贷. */
import { useTranslation } from "react-i18next";
import type { Json, JsonObject } from "../../api/json";
import { formatDecimal, sum, toDecimal } from "../../meta/numbers";
import { isRef, textOf } from "../../meta/values";

const codeAndName = (value: Json | undefined): string =>
  isRef(value) && value.code ? `${value.code} ${value.label}` : textOf(value);

export function MovesTable({ moves }: { moves: readonly JsonObject[] }) {
  const { t } = useTranslation();
  if (moves.length === 0) return null;
  const corrected = (move: JsonObject) => move.corrects !== null && move.corrects !== undefined;
  return (
    <table className="hc-plain-table" aria-label={t("posting.moves")}>
      <thead>
        <tr>
          <th>{t("posting.kind")}</th>
          <th>{t("posting.item")}</th>
          <th>{t("posting.from")}</th>
          <th>{t("posting.to")}</th>
          <th className="hc-right">{t("posting.quantity")}</th>
          <th className="hc-right">{t("posting.value")}</th>
          <th>{t("posting.date")}</th>
        </tr>
      </thead>
      <tbody>
        {moves.map((move, index) => (
          <tr key={index}>
            <td>
              {textOf(move.kind_label) || textOf(move.kind)}
              {corrected(move) && <span className="hc-dim"> {t("posting.correction")}</span>}
            </td>
            <td>
              {codeAndName(move.item)} {move.lot ? <span className="hc-dim">{textOf(move.lot)}</span> : null}
            </td>
            <td>{textOf(move.source)}</td>
            <td>{textOf(move.target)}</td>
            <td className="hc-right hc-num">{formatDecimal(move.quantity, 0, 6)}</td>
            <td className="hc-right hc-num">{formatDecimal(move.value, 2, 2)}</td>
            <td className="hc-num">{textOf(move.document_date)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Debit and credit of an entry: as given, else by the sign of its amount. */
function sides(entry: JsonObject): { debit: string; credit: string } {
  if (entry.debit !== undefined || entry.credit !== undefined) {
    const given = (value: Json | undefined) => (toDecimal(value)?.isZero() === false ? textOf(value) : "");
    return { debit: given(entry.debit), credit: given(entry.credit) };
  }
  const amount = toDecimal(entry.amount);
  if (!amount) return { debit: "", credit: "" };
  return amount.isNegative()
    ? { debit: "", credit: amount.neg().toString() }
    : { debit: amount.toString(), credit: "" };
}

/** The account by number and name; its label may begin with the number already. */
function accountOf(entry: JsonObject): string {
  const [account, label] = [textOf(entry.account), textOf(entry.account_label)];
  return label.startsWith(account) ? label : `${account} ${label}`.trim();
}

export function EntriesTable({ entries }: { entries: readonly JsonObject[] }) {
  const { t } = useTranslation();
  if (entries.length === 0) return null;
  const both = entries.map(sides);
  return (
    <table className="hc-plain-table" aria-label={t("posting.entries")}>
      <thead>
        <tr>
          <th>{t("posting.account")}</th>
          <th>{t("posting.party")}</th>
          <th className="hc-right">{t("posting.debit")}</th>
          <th className="hc-right">{t("posting.credit")}</th>
          <th>{t("posting.date")}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry, index) => (
          <tr key={index}>
            <td>{accountOf(entry)}</td>
            <td>{textOf(entry.party) || textOf(entry.cash_account)}</td>
            <td className="hc-right hc-num">{formatDecimal(both[index]?.debit, 2, 2)}</td>
            <td className="hc-right hc-num">{formatDecimal(both[index]?.credit, 2, 2)}</td>
            <td className="hc-num">{textOf(entry.document_date)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td colSpan={2}>{t("grid.total")}</td>
          <td className="hc-right hc-num">
            {formatDecimal(sum(both.map(({ debit }) => debit)).toString(), 2, 2)}
          </td>
          <td className="hc-right hc-num">
            {formatDecimal(sum(both.map(({ credit }) => credit)).toString(), 2, 2)}
          </td>
          <td />
        </tr>
      </tfoot>
    </table>
  );
}
