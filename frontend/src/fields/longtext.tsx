/** 长文字 Long text: several lines in a form, one in a grid. */
import { Input as TextInput } from "antd";
import { textOf } from "../meta/values";
import { compareText, parseText } from "./text";
import type { CellProps, FieldKind, InputProps } from "./types";

const Cell = ({ value }: CellProps) => (
  <span title={textOf(value)}>{textOf(value).replace(/\s+/g, " ")}</span>
);

const Input = ({ id, field, value, onChange, invalid }: InputProps) => (
  <TextInput.TextArea
    id={id}
    value={textOf(value)}
    maxLength={field.max_length ?? undefined}
    disabled={field.readonly}
    status={invalid ? "error" : ""}
    autoSize={{ minRows: 1, maxRows: 6 }}
    onChange={(event) => onChange(event.target.value === "" ? null : event.target.value)}
  />
);

export const longtext: FieldKind = {
  kind: "longtext",
  align: "left",
  width: 180,
  stretches: true,
  operators: ["contains", "empty"],
  Cell,
  Input,
  grid: { format: (value) => textOf(value).replace(/\s+/g, " "), parse: parseText, compare: compareText },
};
