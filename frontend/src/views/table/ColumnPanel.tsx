/** 列设置 Column settings: show, hide and order the columns. */
import { Button, Checkbox, Popover } from "antd";
import { ArrowDownOutlined, ArrowUpOutlined, SettingOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { FieldMeta } from "../../meta/types";

interface ColumnPanelProps {
  fields: readonly FieldMeta[];
  columns: readonly string[];
  onChange: (columns: string[]) => void;
  onReset: () => void;
  /** A quiet, small button, as above the line grid. */
  compact?: boolean;
}

/** The names with the one at `index` moved by `step`. */
export function moved(names: readonly string[], index: number, step: number): string[] {
  const next = [...names];
  const [name] = next.splice(index, 1);
  if (name !== undefined) next.splice(Math.max(0, index + step), 0, name);
  return next;
}

interface ShownColumnProps {
  label: string;
  first: boolean;
  last: boolean;
  onHide: () => void;
  onMove: (step: number) => void;
}

function ShownColumn({ label, first, last, onHide, onMove }: ShownColumnProps) {
  const { t } = useTranslation();
  return (
    <div className="hc-column-line">
      <Checkbox checked disabled={first && last} onChange={onHide}>
        {label}
      </Checkbox>
      <Button
        type="text"
        size="small"
        icon={<ArrowUpOutlined />}
        aria-label={t("columns.up", { label })}
        disabled={first}
        onClick={() => onMove(-1)}
      />
      <Button
        type="text"
        size="small"
        icon={<ArrowDownOutlined />}
        aria-label={t("columns.down", { label })}
        disabled={last}
        onClick={() => onMove(1)}
      />
    </div>
  );
}

export function ColumnPanel({ fields, columns, onChange, onReset, compact = false }: ColumnPanelProps) {
  const { t } = useTranslation();
  const shown = columns.flatMap((name) => fields.find((field) => field.name === name) ?? []);
  const names = shown.map(({ name }) => name);
  const hidden = fields.filter((field) => !columns.includes(field.name));
  const panel = (
    <div className="hc-column-panel">
      {shown.map((field, index) => (
        <ShownColumn
          key={field.name}
          label={field.label}
          first={index === 0}
          last={index === shown.length - 1}
          onHide={() => onChange(columns.filter((name) => name !== field.name))}
          onMove={(step) => onChange(moved(names, index, step))}
        />
      ))}
      {hidden.map((field) => (
        <div key={field.name} className="hc-column-line">
          <Checkbox checked={false} onChange={() => onChange([...columns, field.name])}>
            {field.label}
          </Checkbox>
        </div>
      ))}
      <Button size="small" type="link" onClick={onReset}>
        {t("columns.reset")}
      </Button>
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomRight" content={panel} title={t("columns.title")}>
      <Button
        icon={<SettingOutlined />}
        type={compact ? "text" : "default"}
        size={compact ? "small" : "middle"}
        tabIndex={compact ? -1 : 0}
        aria-label={t("columns.title")}
      />
    </Popover>
  );
}
