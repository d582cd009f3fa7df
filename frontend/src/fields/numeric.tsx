/** What all number kinds share: the cell, the form input and the grid editor, told apart by their decimals. */
import { useState } from "react";
import { Input as TextInput } from "antd";
import type { FieldMeta } from "../meta/types";
import { Decimal, formatDecimal, readDecimal, toDecimal } from "../meta/numbers";
import type { CellProps, FieldKind, InputProps, Parsed } from "./types";

interface NumericSpec {
  kind: string;
  width: number;
  least: (field: FieldMeta) => number;
  most: (field: FieldMeta) => number;
  /** Shown number ÷ stored number: 100 for a rate. */
  factor?: number;
  suffix?: string;
  /** Written as a JSON number rather than a decimal string. */
  plain?: boolean;
}

const NUMBER_OPERATORS = ["between", "eq", "gte", "lte", "gt", "lt", "ne", "empty"] as const;

/** Makes the field kind of a number. */
export function numericKind(spec: NumericSpec): FieldKind {
  const factor = new Decimal(spec.factor ?? 1);
  const shown = (value: unknown): Decimal | null => toDecimal(value)?.times(factor) ?? null;

  const display = (value: unknown, field: FieldMeta): string => {
    const formatted = formatDecimal(shown(value)?.toString(), spec.least(field), spec.most(field));
    return formatted === "" ? "" : formatted + (spec.suffix ?? "");
  };

  const parse = (text: string, field: FieldMeta): Parsed => {
    const cleaned = text.replace(/[%％]\s*$/, "");
    if (cleaned.trim() === "") return { ok: true, value: null };
    const decimal = readDecimal(cleaned);
    if (!decimal) return { ok: false, reason: "field.not_a_number" };
    const value = decimal.toDecimalPlaces(spec.most(field)).div(factor);
    return { ok: true, value: spec.plain ? value.toNumber() : value.toString() };
  };

  const format = (value: unknown): string => shown(value)?.toString() ?? "";

  const Cell = ({ field, value }: CellProps) => {
    const negative = toDecimal(value)?.isNegative() ?? false;
    return <span className={negative ? "hc-num hc-negative" : "hc-num"}>{display(value, field)}</span>;
  };

  const Input = ({ id, field, value, onChange, invalid }: InputProps) => {
    const [draft, setDraft] = useState<string | null>(null);
    const wrong = draft !== null && !parse(draft, field).ok;
    const commit = () => {
      if (draft === null) return;
      const parsed = parse(draft, field);
      if (parsed.ok) onChange(parsed.value);
      setDraft(null);
    };
    return (
      <TextInput
        id={id}
        className="hc-number-input"
        inputMode="decimal"
        value={draft ?? display(value, field)}
        disabled={field.readonly}
        status={invalid || wrong ? "error" : ""}
        onFocus={(event) => {
          setDraft(format(value));
          const input = event.target;
          requestAnimationFrame(() => input.select());
        }}
        onChange={(event) => {
          setDraft(event.target.value);
          const parsed = parse(event.target.value, field);
          if (parsed.ok) onChange(parsed.value);
        }}
        onBlur={commit}
      />
    );
  };

  const compare = (left: unknown, right: unknown): number =>
    (toDecimal(left) ?? new Decimal(-Infinity)).cmp(toDecimal(right) ?? new Decimal(-Infinity));

  return {
    kind: spec.kind,
    align: "right",
    width: spec.width,
    stretches: false,
    operators: NUMBER_OPERATORS,
    Cell,
    Input,
    grid: { format, parse, compare },
  };
}
