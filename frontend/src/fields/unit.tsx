/** 单位 Unit: one of the units of the line's item. */
import { useMemo } from "react";
import { Select } from "antd";
import { isObject } from "../api/check";
import type { Json, JsonObject } from "../api/json";
import { type Values, isRef, textOf } from "../meta/values";
import { findByCode, useItemOption } from "./options";
import { PickerList, type PickerRow } from "./picker";
import { compareText } from "./text";
import type { CellProps, FieldKind, InputProps, Parsed, PickerProps } from "./types";

const labelOf = (value: Json | undefined): string => textOf(value);

/** The units an item option offers. */
export const unitsOf = (option: JsonObject | null): JsonObject[] =>
  Array.isArray(option?.units) ? option.units.filter(isObject) : [];

/** The unit with the factor of the unit it replaces, by which prices are rescaled. */
function replacing(units: JsonObject[], unit: JsonObject, current: Json | undefined): JsonObject {
  const before = units.find(({ id }) => isRef(current) && id === current.id);
  return { ...unit, factor_before: before?.factor ?? null };
}

const Cell = ({ value }: CellProps) => <>{labelOf(value)}</>;

function Input({ id, field, value, onChange, row, context, invalid }: InputProps) {
  const units = unitsOf(useItemOption(row.item, context));
  const current = isRef(value) ? value : null;
  const offered = units.length > 0 ? units : current ? [current] : [];
  return (
    <Select
      id={id}
      className="hc-fill"
      value={current?.id}
      disabled={field.readonly}
      status={invalid ? "error" : ""}
      options={offered.map((unit) => ({ value: unit.id as number, label: labelOf(unit) }))}
      onChange={(picked: number) => {
        const unit = offered.find((entry) => entry.id === picked) ?? null;
        onChange(unit, unit && replacing(offered, unit, value));
      }}
    />
  );
}

function Picker({ text, row, context, anchor, current, handle, onPick, onNothing }: PickerProps) {
  const option = useItemOption(row.item, context);
  const rows = useMemo<PickerRow[] | null>(() => {
    if (!isRef(row.item)) return [];
    if (!option) return null;
    const units = unitsOf(option);
    return units
      .filter((unit) => labelOf(unit).includes(text.trim()))
      .map((unit) => ({
        key: String(unit.id),
        value: unit,
        option: replacing(units, unit, current),
        code: "",
        label: labelOf(unit),
      }));
  }, [current, option, row.item, text]);
  return <PickerList {...{ anchor, current, handle, onPick, onNothing }} text={text} rows={rows} />;
}

const parse = (text: string): Parsed =>
  text.trim() === "" ? { ok: true, value: null } : { ok: false, reason: "field.not_a_unit" };

export const unit: FieldKind = {
  kind: "unit",
  align: "left",
  width: 64,
  stretches: false,
  operators: ["eq"],
  Cell,
  Input,
  grid: {
    format: (value) => labelOf(value),
    parse,
    compare: (left, right) => compareText(labelOf(left), labelOf(right)),
    Picker,
    resolve: async (text, _field, row: Values, context, client) => {
      const item = isRef(row.item) ? await findByCode(client, "items", row.item.code, context) : null;
      const units = unitsOf(item);
      const found = units.find((entry) => labelOf(entry) === text.trim());
      return found ? { value: found, option: replacing(units, found, row.unit) } : null;
    },
  },
};
