/** 时间 Instant: shown to the minute, in the wall time of the book, which is the one the server writes. */
import { DatePicker } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { textOf } from "../meta/values";
import { compareText } from "./text";
import type { CellProps, FieldKind, InputProps, Parsed } from "./types";

const SHOWN = "YYYY-MM-DD HH:mm";
/** Without a zone: the server takes it in the zone of the book. */
const SENT = "YYYY-MM-DDTHH:mm:ss";
const WALL = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})/;

export const formatInstant = (value: unknown): string => {
  if (typeof value !== "string" || value === "") return "";
  const wall = WALL.exec(value);
  return wall ? `${wall[1]} ${wall[2]}` : value;
};

const parse = (text: string): Parsed => {
  if (text.trim() === "") return { ok: true, value: null };
  const instant = dayjs(text.trim());
  return instant.isValid()
    ? { ok: true, value: instant.format(SENT) }
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
    value={typeof value === "string" && value ? dayjs(formatInstant(value)) : null}
    disabled={field.readonly}
    status={invalid ? "error" : ""}
    onChange={(picked: Dayjs | null) => onChange(picked ? picked.format(SENT) : null)}
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
