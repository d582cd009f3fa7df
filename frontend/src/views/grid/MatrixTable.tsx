/** 矩阵 The table of a family: a cell for each item with its stock, driven by arrows, Enter and Tab, pasted into from Excel. */
import { type ClipboardEvent, type KeyboardEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { AxisOption } from "../../api/shapes";
import { Decimal, formatDecimal, readDecimal } from "../../meta/numbers";
import { type Layout, type MatrixItem, amountOf } from "./matrix";
import { parseTsv } from "./tsv";

interface MatrixTableProps {
  layout: Layout;
  chosen: readonly number[];
  texts: Readonly<Record<number, string>>;
  onTexts: (texts: Record<number, string>) => void;
  /** Prices by row; null where the table of lines has none. */
  prices: Readonly<Record<number, string>> | null;
  /** What stands in an empty price. */
  usualPrice: (item: MatrixItem | undefined) => string;
  onPrice: (row: number, text: string) => void;
  onConfirm: () => void;
}

const shown = (value: unknown): string => formatDecimal(value, 0, 6);

/** The inputs by row and column, so that keys and pasted blocks find their way. */
function useWay(props: MatrixTableProps, table: React.RefObject<HTMLTableElement | null>) {
  const { layout, chosen, onTexts, onConfirm } = props;
  const inputAt = (row: number, col: number) =>
    table.current?.querySelector<HTMLInputElement>(`input[data-at="${row}.${col}"]`) ?? null;
  const width = layout.columns.length + (props.prices ? 1 : 0);
  const placeOf = (target: EventTarget): [number, number] | null => {
    const at = target instanceof HTMLElement ? target.dataset.at?.split(".").map(Number) : undefined;
    return at ? [at[0] ?? 0, at[1] ?? 0] : null;
  };
  /** The next input in a direction; cells without goods are stepped over. */
  const step = (row: number, col: number, down: number, right: number): boolean => {
    let [r, c] = [row + down, col + right];
    while (r >= 0 && r < layout.rows.length && c >= 0 && c < width) {
      const input = inputAt(r, c);
      if (input) {
        input.focus();
        return true;
      }
      r += down;
      c += right;
    }
    return false;
  };
  const enter = (row: number, col: number): void => {
    for (
      let at = row * layout.columns.length + col + 1;
      at < layout.rows.length * layout.columns.length;
      at += 1
    ) {
      const input = inputAt(Math.floor(at / layout.columns.length), at % layout.columns.length);
      if (input) {
        input.focus();
        return;
      }
    }
    onConfirm();
  };
  return {
    onKeyDown: (event: KeyboardEvent) => {
      const at = placeOf(event.target);
      if (!at || event.nativeEvent.isComposing || event.altKey) return;
      const [row, col] = at;
      const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (!way && event.key !== "Enter") return;
      event.preventDefault();
      if (way) step(row, col, way[0] ?? 0, way[1] ?? 0);
      else if (event.ctrlKey || event.metaKey) onConfirm();
      else if (col >= layout.columns.length) step(row, col, 1, 0);
      else enter(row, col);
    },
    onPaste: (event: ClipboardEvent) => {
      const at = placeOf(event.target);
      const text = event.clipboardData.getData("text/plain");
      if (!at || at[1] >= layout.columns.length || !/[\t\n]/.test(text)) return;
      event.preventDefault();
      const pasted: Record<number, string> = {};
      parseTsv(text).forEach((cells, down) =>
        cells.forEach((cell, right) => {
          const row = layout.rows[at[0] + down];
          const col = layout.columns[at[1] + right];
          const item = row && col !== undefined ? layout.at(row, col, chosen) : undefined;
          if (item) pasted[item.id] = cell.trim();
        }),
      );
      onTexts(pasted);
    },
  };
}

interface CellProps {
  item: MatrixItem;
  label: string;
  at: string;
  text: string;
  first: boolean;
  onText: (text: string) => void;
}

function Cell({ item, label, at, text, first, onText }: CellProps) {
  const { t } = useTranslation();
  const stock = item.on_hand !== undefined;
  return (
    <td className={text && Number(text) !== 0 ? "hc-matrix-filled" : ""}>
      <input
        data-at={at}
        aria-label={label}
        inputMode="decimal"
        autoFocus={first}
        aria-invalid={amountOf(text) === null}
        value={text}
        onFocus={(event) => event.target.select()}
        onChange={(event) => onText(event.target.value)}
      />
      {stock && (
        <small className="hc-num" title={t("matrix.stock")}>
          {shown(item.on_hand)}
          {item.available !== item.on_hand && ` / ${shown(item.available)}`}
        </small>
      )}
    </td>
  );
}

const total = (items: readonly (MatrixItem | undefined)[], texts: MatrixTableProps["texts"]): string =>
  shown(
    items
      .reduce((held, item) => held.plus((item && amountOf(texts[item.id])) || 0), new Decimal(0))
      .toString(),
  );

function Row({ row, at, ...props }: MatrixTableProps & { row: AxisOption; at: number }) {
  const { t } = useTranslation();
  const { layout, chosen, texts, onTexts, prices } = props;
  const items = layout.columns.map((column) => layout.at(row, column, chosen));
  const price = prices?.[row.id] ?? "";
  return (
    <tr>
      <th scope="row">{row.label}</th>
      {items.map((item, col) =>
        item ? (
          <Cell
            key={item.id}
            item={item}
            label={[row.label, layout.columns[col]?.label].filter(Boolean).join(" / ")}
            at={`${at}.${col}`}
            first={at === 0 && col === 0}
            text={texts[item.id] ?? ""}
            onText={(text) => onTexts({ [item.id]: text })}
          />
        ) : (
          <td key={`${row.id}.${col}`} className="hc-matrix-none" />
        ),
      )}
      <td className="hc-right hc-num hc-matrix-sum" data-testid={`row-sum-${row.label}`}>
        {total(items, texts)}
      </td>
      {prices && (
        <td>
          <input
            data-at={`${at}.${layout.columns.length}`}
            aria-label={`${t("matrix.price")} ${row.label}`}
            inputMode="decimal"
            aria-invalid={price.trim() !== "" && readDecimal(price) === null}
            placeholder={props.usualPrice(items.find(Boolean))}
            value={price}
            onFocus={(event) => event.target.select()}
            onChange={(event) => props.onPrice(row.id, event.target.value)}
          />
        </td>
      )}
    </tr>
  );
}

export function MatrixTable(props: MatrixTableProps) {
  const { t } = useTranslation();
  const { layout, chosen, texts } = props;
  const table = useRef<HTMLTableElement>(null);
  const way = useWay(props, table);
  const column = (entry: AxisOption | null) => layout.rows.map((row) => layout.at(row, entry, chosen));
  return (
    <div className="hc-matrix" {...way}>
      <table ref={table} className="hc-plain-table" data-testid="matrix">
        <thead>
          <tr>
            <th>{layout.rowLabel}</th>
            {layout.columns.map((entry) => (
              <th key={entry?.id ?? 0} className="hc-right">
                {entry?.label ?? t("matrix.quantity")}
              </th>
            ))}
            <th className="hc-right">{t("grid.total")}</th>
            {props.prices && <th className="hc-right">{t("matrix.price")}</th>}
          </tr>
        </thead>
        <tbody>
          {layout.rows.map((row, at) => (
            <Row key={row.id} row={row} at={at} {...props} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t("grid.total")}</th>
            {layout.columns.map((entry) => (
              <td key={entry?.id ?? 0} className="hc-right hc-num">
                {total(column(entry), texts)}
              </td>
            ))}
            <td className="hc-right hc-num" data-testid="matrix-total">
              {total(layout.columns.flatMap(column), texts)}
            </td>
            {props.prices && <td />}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
