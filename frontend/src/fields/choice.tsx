/** 选项 Choice: one of a declared list, shown as a tag where it has a tone. */
import { Select, Tag } from "antd";
import type { FieldMeta } from "../meta/types";
import { textOf } from "../meta/values";
import { PickerList, type PickerRow } from "./picker";
import { compareText } from "./text";
import type { CellProps, FieldKind, InputProps, Parsed, PickerProps } from "./types";
import { useMemo } from "react";

const labelOf = (field: FieldMeta, value: unknown): string =>
  field.choices.find((choice) => choice.value === String(value))?.label ?? textOf(value as string | null);

const parse = (text: string, field: FieldMeta): Parsed => {
  const wanted = text.trim();
  if (wanted === "") return { ok: true, value: null };
  const found = field.choices.find((choice) => choice.label === wanted || choice.value === wanted);
  return found ? { ok: true, value: found.value } : { ok: false, reason: "field.not_a_choice" };
};

const Cell = ({ field, value }: CellProps) => {
  // A list of plain words is no list of states: tags only where at least one has a colour.
  const coloured = field.choices.some(({ tone: colour }) => colour !== null && colour !== "default");
  const tone = coloured ? field.choices.find((choice) => choice.value === String(value))?.tone : null;
  if (value === null || value === undefined || value === "") return null;
  return tone ? (
    <Tag className="hc-tag" color={tone === "default" ? undefined : tone}>
      {labelOf(field, value)}
    </Tag>
  ) : (
    <>{labelOf(field, value)}</>
  );
};

const Input = ({ id, field, value, onChange, invalid }: InputProps) => (
  <Select
    id={id}
    className="hc-fill"
    value={value === null || value === undefined ? undefined : String(value)}
    options={field.choices.map(({ value: key, label }) => ({ value: key, label }))}
    disabled={field.readonly}
    allowClear={!field.required}
    status={invalid ? "error" : ""}
    showSearch={{ optionFilterProp: "label" }}
    onChange={(picked: string | undefined) => onChange(picked ?? null)}
  />
);

function Picker({ field, text, ...rest }: PickerProps) {
  const rows = useMemo<PickerRow[]>(() => {
    const hits = field.choices.filter(
      (choice) => choice.label.includes(text.trim()) || choice.value === text.trim(),
    );
    return hits.map(({ value, label }) => ({ key: value, value, option: null, code: "", label }));
  }, [field.choices, text]);
  return <PickerList {...rest} text={text} rows={rows} />;
}

export const choice: FieldKind = {
  kind: "choice",
  align: "left",
  width: 92,
  stretches: false,
  operators: ["in", "eq", "ne", "empty"],
  Cell,
  Input,
  grid: { format: (value, field) => labelOf(field, value), parse, compare: compareText, Picker },
};
