/** 批次 Lot: one of the lots of the line's item, or a new one by its number. */
import { useMemo } from "react";
import { AutoComplete } from "antd";
import { isRef, textOf } from "../meta/values";
import { findByCode, useFormOptions, useOptions } from "./options";
import { PickerList, type PickerRow } from "./picker";
import { toRow } from "./ref";
import { compareText } from "./text";
import type { CellProps, FieldKind, InputProps, Parsed, PickerProps } from "./types";
import type { Json } from "../api/json";

const codeOf = (value: Json | undefined): string =>
  isRef(value) ? value.code || value.label : textOf(value);

const Cell = ({ value }: CellProps) => <>{codeOf(value)}</>;

const parse = (text: string): Parsed => ({ ok: true, value: text.trim() === "" ? null : text.trim() });

const itemOf = (row: InputProps["row"]): Record<string, number> =>
  isRef(row.item) ? { item: row.item.id } : {};

function Input({ id, field, value, onChange, row, context, invalid }: InputProps) {
  const ofItem = itemOf(row);
  const { data } = useFormOptions(field.ref ?? "lots", codeOf(value), context, !field.readonly, ofItem);
  return (
    <AutoComplete
      id={id}
      className="hc-fill"
      value={codeOf(value)}
      disabled={field.readonly}
      status={invalid ? "error" : ""}
      options={(data ?? []).map((option) => ({ value: option.code }))}
      onChange={(text: string) => {
        const found = data?.find((option) => option.code === text) ?? null;
        onChange(found ?? (text || null), found);
      }}
    />
  );
}

function Picker({ field, text, row, context, ...rest }: PickerProps) {
  const options = useOptions(field.ref ?? "lots", text, context, itemOf(row));
  const rows = useMemo<PickerRow[] | null>(() => {
    if (!options) return null;
    const typed = text.trim();
    const found = options.map(toRow);
    if (typed === "" || options.some((option) => option.code === typed)) return found;
    return [{ key: "typed", value: typed, option: null, code: typed, label: "+" }, ...found];
  }, [options, text]);
  return <PickerList {...rest} text={text} rows={rows} />;
}

export const lot: FieldKind = {
  kind: "lot",
  align: "left",
  width: 120,
  stretches: true,
  operators: ["eq", "contains", "empty"],
  Cell,
  Input,
  grid: {
    format: (value) => codeOf(value),
    parse,
    compare: (left, right) => compareText(codeOf(left), codeOf(right)),
    Picker,
    resolve: async (text, field, row, context, client) => {
      const found = await findByCode(client, field.ref ?? "lots", text, context, itemOf(row)).catch(
        () => null,
      );
      return found ? { value: found, option: found } : { value: text.trim(), option: null };
    },
  },
};
