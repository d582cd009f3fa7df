/** 时间 Instant: shown in local time to the minute. */
import { DatePicker } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { textOf } from "../meta/values";
import { compareText } from "./text";
import type { CellProps, FieldKind, InputProps, Parsed } from "./types";

const SHOWN = "YYYY-MM-DD HH:mm";

export const formatInstant = (value: unknown): string => {
  if (typeof value !== "string" || value === "") return "";
  const instant = dayjs(value);
  return instant.isValid() ? instant.format(SHOWN) : value;
};

const parse = (text: string): Parsed => {
  if (text.trim() === "") return { ok: true, value: null };
  const instant = dayjs(text.trim());
  return instant.isValid()
    ? { ok: true, value: instant.toISOString() }
    : { ok: false, reason: "field.not_a_date" };
};

const Cell = ({ value }: CellProps) => (
  <span className="hc-num" title={textOf(value)}>
    {formatInstant(value)}
  </span>
);

const Input = ({ id, field, value, onChange, invalid }: InputProps) => (
  <DatePicker
    id={id}
    className="hc-fill"
    showTime={{ format: "HH:mm" }}
    format={SHOWN}
    value={typeof value === "string" && value ? dayjs(value) : null}
    disabled={field.readonly}
    status={invalid ? "error" : ""}
    onChange={(picked: Dayjs | null) => onChange(picked ? picked.toISOString() : null)}
  />
);

export const datetime: FieldKind = {
  kind: "datetime",
  align: "left",
  width: 136,
  stretches: false,
  operators: ["between", "gte", "lte", "empty"],
  Cell,
  Input,
  grid: { format: (value) => formatInstant(value), parse, compare: compareText },
};
