/** 记账 Moves and entries as a bookkeeper reads them: goods from place to place, money 借 and 贷. */
import { useTranslation } from "react-i18next";
import type { Json, JsonObject } from "../../api/json";
import type { Posting } from "../../api/shapes";
import { formatDecimal } from "../../meta/numbers";
import { isRef, textOf } from "../../meta/values";
import { type VoucherLine, totalOf, voucherOf } from "./voucher";

const codeAndName = (value: Json | undefined): string =>
  isRef(value) && value.code ? `${value.code} ${value.label}` : textOf(value);

function MovesTable({ moves }: { moves: readonly JsonObject[] }) {
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

function VoucherTable({ lines }: { lines: readonly VoucherLine[] }) {
  const { t } = useTranslation();
  if (lines.length === 0) return null;
  const money = (value: unknown) => formatDecimal(value === null ? null : String(value), 2, 2);
  return (
    <table className="hc-plain-table hc-voucher" aria-label={t("posting.entries")}>
      <thead>
        <tr>
          <th>{t("posting.account")}</th>
          <th>{t("posting.party")}</th>
          <th className="hc-right">{t("posting.debit")}</th>
          <th className="hc-right">{t("posting.credit")}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, index) => (
          <tr key={index}>
            <td className={line.debit === null ? "hc-credit" : ""}>
              {t(line.debit === null ? "posting.credit_mark" : "posting.debit_mark", {
                account: line.account,
              })}
            </td>
            <td>{line.party}</td>
            <td className="hc-right hc-num">{money(line.debit)}</td>
            <td className="hc-right hc-num">{money(line.credit)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td colSpan={2}>{t("grid.total")}</td>
          <td className="hc-right hc-num">{money(totalOf(lines, "debit"))}</td>
          <td className="hc-right hc-num">{money(totalOf(lines, "credit"))}</td>
        </tr>
      </tfoot>
    </table>
  );
}

/** One posting: its moves, and the voucher they make together with its entries. */
export function PostingTables({ posting }: { posting: Posting }) {
  const { moves, entries } = posting;
  return (
    <div className="hc-stack">
      <MovesTable moves={moves} />
      <VoucherTable lines={voucherOf(moves, entries)} />
    </div>
  );
}
