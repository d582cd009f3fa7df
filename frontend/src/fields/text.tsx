/** 文字 Text: one line. */
import { Input as TextInput } from "antd";
import { textOf } from "../meta/values";
import type { FieldMeta } from "../meta/types";
import type { CellProps, FieldKind, InputProps, Parsed } from "./types";

export const parseText = (text: string, field: FieldMeta): Parsed => {
  const trimmed = text.trim();
  if (field.max_length !== null && trimmed.length > field.max_length)
    return { ok: false, reason: "field.too_long" };
  return { ok: true, value: trimmed === "" ? null : trimmed };
};

export const compareText = (left: unknown, right: unknown): number =>
  String(left ?? "").localeCompare(String(right ?? ""), "zh-CN", { numeric: true });

const Cell = ({ value }: CellProps) => <>{textOf(value)}</>;

const Input = ({ id, field, value, onChange, invalid }: InputProps) => (
  <TextInput
    id={id}
    value={textOf(value)}
    maxLength={field.max_length ?? undefined}
    disabled={field.readonly}
    status={invalid ? "error" : ""}
    onChange={(event) => onChange(event.target.value === "" ? null : event.target.value)}
  />
);

export const text: FieldKind = {
  kind: "text",
  align: "left",
  width: 140,
  stretches: true,
  operators: ["contains", "eq", "starts", "empty"],
  Cell,
  Input,
  grid: { format: (value) => textOf(value), parse: parseText, compare: compareText },
};
