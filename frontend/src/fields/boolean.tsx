/** 是否 Boolean. */
import { Switch } from "antd";
import { CheckOutlined } from "@ant-design/icons";
import i18n from "../i18n";
import type { CellProps, FieldKind, InputProps, Parsed } from "./types";

const TRUE = new Set(["1", "true", "yes", "y", "\u221a", "\u2713", "\u662f"]);
const FALSE = new Set(["", "0", "false", "no", "n", "\u5426"]);

const parse = (text: string): Parsed => {
  const word = text.trim().toLowerCase();
  if (TRUE.has(word)) return { ok: true, value: true };
  return FALSE.has(word) ? { ok: true, value: false } : { ok: false, reason: "field.not_yes_or_no" };
};

const Cell = ({ value }: CellProps) =>
  value === true ? <CheckOutlined aria-label={i18n.t("field.yes")} className="hc-yes" /> : null;

const Input = ({ id, field, value, onChange }: InputProps) => (
  <Switch
    id={id}
    checked={value === true}
    disabled={field.readonly}
    onChange={(checked) => onChange(checked)}
  />
);

export const boolean: FieldKind = {
  kind: "boolean",
  align: "center",
  width: 64,
  stretches: false,
  operators: ["eq"],
  Cell,
  Input,
  grid: {
    format: (value) => (value === true ? i18n.t("field.yes") : value === false ? i18n.t("field.no") : ""),
    parse,
    compare: (left, right) => Number(left === true) - Number(right === true),
    toggle: (value) => value !== true,
  },
};
