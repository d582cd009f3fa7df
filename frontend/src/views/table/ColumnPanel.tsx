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
}

/** The names with the one at `index` moved by `step`. */
export function moved(names: readonly string[], index: number, step: number): string[] {
  const next = [...names];
  const [name] = next.splice(index, 1);
  if (name !== undefined) next.splice(Math.max(0, index + step), 0, name);
  return next;
}

export function ColumnPanel({ fields, columns, onChange, onReset }: ColumnPanelProps) {
  const { t } = useTranslation();
  const shown = columns.flatMap((name) => fields.find((field) => field.name === name) ?? []);
  const hidden = fields.filter((field) => !columns.includes(field.name));
  const panel = (
    <div className="hc-column-panel">
      {shown.map((field, index) => (
        <div key={field.name} className="hc-column-line">
          <Checkbox
            checked
            disabled={shown.length === 1}
            onChange={() => onChange(columns.filter((name) => name !== field.name))}
          >
            {field.label}
          </Checkbox>
          <Button
            type="text"
            size="small"
            icon={<ArrowUpOutlined />}
            aria-label={t("columns.up", { label: field.label })}
            disabled={index === 0}
            onClick={() =>
              onChange(
                moved(
                  shown.map(({ name }) => name),
                  index,
                  -1,
                ),
              )
            }
          />
          <Button
            type="text"
            size="small"
            icon={<ArrowDownOutlined />}
            aria-label={t("columns.down", { label: field.label })}
            disabled={index === shown.length - 1}
            onClick={() =>
              onChange(
                moved(
                  shown.map(({ name }) => name),
                  index,
                  1,
                ),
              )
            }
          />
        </div>
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
      <Button icon={<SettingOutlined />} aria-label={t("columns.title")} />
    </Popover>
  );
}
