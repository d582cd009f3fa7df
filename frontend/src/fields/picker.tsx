/** The list under a cell that is being typed into: driven by the keyboard of the grid, or by the mouse. */
import { useEffect, useImperativeHandle, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { alertsOf } from "../meta/alerts";
import { formatDecimal } from "../meta/numbers";
import { isObject } from "../api/check";
import type { Json, JsonObject } from "../api/json";
import { sameValue, textOf } from "../meta/values";
import { AlertTags } from "./AlertTags";
import type { PickerProps } from "./types";

export interface PickerRow {
  key: string;
  value: Json;
  option: JsonObject | null;
  code: string;
  label: string;
}

interface PickerListProps extends Pick<
  PickerProps,
  "anchor" | "current" | "handle" | "onPick" | "onNothing" | "text"
> {
  rows: PickerRow[] | null;
}

/** Keys of an option shown beside code and name, where the server sends them. */
const EXTRAS = [
  { key: "account", numeric: false },
  { key: "spec", numeric: false },
  { key: "unit", numeric: false },
  { key: "on_hand", numeric: true },
  { key: "available", numeric: true },
  { key: "last_price", numeric: true },
  { key: "balance", numeric: true },
] as const;

const ALERTS_SHOWN = 2;
const GAP = 2;
const HEIGHT = 320;

const extraText = (option: JsonObject | null, key: string, numeric: boolean): string => {
  const value = option?.[key] ?? null;
  if (isObject(value)) return textOf(value);
  return numeric ? formatDecimal(value, 0, 6) : textOf(value);
};

/** Keeps the highlight inside the list; a new list starts on what the cell holds, else at its top. */
function useHighlight(rows: PickerRow[] | null, current: Json | undefined) {
  const [state, setState] = useState<{ rows: PickerRow[] | null; index: number }>({ rows: null, index: 0 });
  const held = rows?.findIndex(({ value }) => sameValue(value, current)) ?? -1;
  const index = state.rows === rows && rows !== null ? state.index : Math.max(0, held);
  return { index, move: (next: number) => setState({ rows, index: next }) };
}

function place(anchor: DOMRect): React.CSSProperties {
  const below = window.innerHeight - anchor.bottom;
  const left = Math.max(
    4,
    Math.min(anchor.left, window.innerWidth - Math.min(560, window.innerWidth - 8) - 4),
  );
  return below < HEIGHT && anchor.top > below
    ? { left, bottom: window.innerHeight - anchor.top + GAP, maxHeight: Math.min(HEIGHT, anchor.top - 8) }
    : { left, top: anchor.bottom + GAP, maxHeight: Math.min(HEIGHT, below - 8) };
}

interface PickerTableProps {
  rows: readonly PickerRow[];
  index: number;
  onPick: (row: PickerRow) => void;
}

function PickerTable({ rows, index, onPick }: PickerTableProps) {
  const { t } = useTranslation();
  const columns = EXTRAS.filter(({ key }) => rows.some((row) => row.option && row.option[key] !== undefined));
  const coded = rows.some(({ code }) => code !== "");
  return (
    <table>
      {columns.length > 0 && (
        <thead>
          <tr>
            {coded && <th>{t("picker.code")}</th>}
            <th>{t("picker.label")}</th>
            {columns.map(({ key, numeric }) => (
              <th key={key} className={numeric ? "hc-right" : ""}>
                {t(`picker.${key}`)}
              </th>
            ))}
          </tr>
        </thead>
      )}
      <tbody>
        {rows.map((row, position) => (
          <tr
            key={row.key}
            role="option"
            aria-selected={position === index}
            ref={
              position === index ? (element) => element?.scrollIntoView?.({ block: "nearest" }) : undefined
            }
            onMouseDown={(event) => {
              event.preventDefault();
              onPick(row);
            }}
          >
            {coded && <td className="hc-picker-code">{row.code}</td>}
            <td>
              {row.label}
              <AlertTags alerts={alertsOf(row.option)} most={ALERTS_SHOWN} />
            </td>
            {columns.map(({ key, numeric }) => (
              <td key={key} className={numeric ? "hc-num hc-right" : "hc-dim"}>
                {extraText(row.option, key, numeric)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function PickerList({ anchor, current, rows, text, handle, onPick, onNothing }: PickerListProps) {
  const { t } = useTranslation();
  const { index, move } = useHighlight(rows, current);
  const waiting = useRef(false);
  const chosen = rows?.[index];

  const take = () => {
    if (rows === null) waiting.current = true;
    else if (chosen) onPick(chosen.value, chosen.option);
    else onNothing(text);
  };
  useImperativeHandle(handle, () => ({
    press: (key) => {
      if (key === "Enter") take();
      else if (rows?.length) move((index + (key === "ArrowDown" ? 1 : rows.length - 1)) % rows.length);
      return true;
    },
  }));
  // Enter may come before the options: they are taken as soon as they are here.
  useEffect(() => {
    if (!waiting.current || rows === null) return;
    waiting.current = false;
    take();
  });
  return createPortal(
    <div className="hc-picker" style={place(anchor)} role="listbox" aria-label={t("picker.options")}>
      {rows && <PickerTable rows={rows} index={index} onPick={(row) => onPick(row.value, row.option)} />}
      {rows === null && <div className="hc-picker-note">{t("picker.searching")}</div>}
      {rows?.length === 0 && <div className="hc-picker-note">{t("picker.nothing")}</div>}
    </div>,
    document.body,
  );
}
