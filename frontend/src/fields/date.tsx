/** 日期 Date: typed as 2026-11-24, 20261124, 1124 or 11-24. */
import { DatePicker } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import customParseFormat from "dayjs/plugin/customParseFormat";
import { narrow } from "../meta/numbers";
import { textOf } from "../meta/values";
import { compareText } from "./text";
import type { CellProps, FieldKind, InputProps, Parsed } from "./types";

dayjs.extend(customParseFormat);

export const DATE = "YYYY-MM-DD";
const ACCEPTED = [DATE, "YYYYMMDD", "YYYY-M-D", "MMDD", "M-D"];

/** Reads a date the way clerks type it; the year may be left out. */
export function readDate(text: string): Dayjs | null {
  const cleaned = narrow(text)
    .trim()
    .replace(/[/.\u5e74\u6708]/g, "-")
    .replace(/\u65e5$/, "");
  const day = dayjs(cleaned, ACCEPTED, true);
  return day.isValid() ? day : null;
}

const parse = (text: string): Parsed => {
  if (text.trim() === "") return { ok: true, value: null };
  const day = readDate(text.slice(0, 10));
  return day ? { ok: true, value: day.format(DATE) } : { ok: false, reason: "field.not_a_date" };
};

const Cell = ({ value }: CellProps) => <span className="hc-num">{textOf(value)}</span>;

const Input = ({ id, field, value, onChange, invalid }: InputProps) => {
  const day = typeof value === "string" && value ? dayjs(value) : null;
  return (
    <DatePicker
      id={id}
      className="hc-fill"
      value={day}
      format={ACCEPTED}
      disabled={field.readonly}
      allowClear={!field.required}
      status={invalid ? "error" : ""}
      onChange={(picked: Dayjs | null) => onChange(picked ? picked.format(DATE) : null)}
    />
  );
};

export const date: FieldKind = {
  kind: "date",
  align: "left",
  width: 100,
  stretches: false,
  operators: ["between", "eq", "gte", "lte", "empty"],
  Cell,
  Input,
  grid: { format: (value) => textOf(value), parse, compare: compareText },
};
