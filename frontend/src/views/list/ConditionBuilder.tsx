/** Conditions on any field, for what the quick filters do not reach. */
import { Button, Segmented, Select } from "antd";
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { Json } from "../../api/json";
import { kindOf } from "../../fields";
import type { FieldMeta } from "../../meta/types";
import type { Condition } from "./state";

const NOWHERE = { party: null, place: null, day: null, documentType: null };

interface ConditionBuilderProps {
  fields: readonly FieldMeta[];
  conditions: readonly Condition[];
  any: boolean;
  onChange: (conditions: Condition[], any: boolean) => void;
}

function ValueInput({
  field,
  condition,
  onChange,
}: {
  field: FieldMeta;
  condition: Condition;
  onChange: (value: Json) => void;
}) {
  const { t } = useTranslation();
  const kind = kindOf(field.kind);
  const editable = { ...field, readonly: false, required: false };
  const input = (id: string, value: Json | undefined, set: (value: Json) => void) => (
    <kind.Input
      id={id}
      field={editable}
      value={value}
      row={{}}
      context={NOWHERE}
      invalid={false}
      onChange={(next) => set(next)}
    />
  );
  if (condition.op === "empty") {
    return (
      <Select
        value={condition.value === false ? "no" : "yes"}
        options={[
          { value: "yes", label: t("field.yes") },
          { value: "no", label: t("field.no") },
        ]}
        onChange={(picked) => onChange(picked === "yes")}
      />
    );
  }
  if (condition.op === "between") {
    const [from = null, to = null] = Array.isArray(condition.value) ? condition.value : [];
    return (
      <span className="hc-between">
        {input(`from-${field.name}`, from, (value) => onChange([value, to]))}
        <span>–</span>
        {input(`to-${field.name}`, to, (value) => onChange([from, value]))}
      </span>
    );
  }
  const several = Array.isArray(condition.value) && condition.value.length > 1;
  if (condition.op === "in" && (field.choices.length > 0 || (several && field.ref === null))) {
    return (
      <Select
        mode={field.choices.length > 0 ? "multiple" : "tags"}
        value={Array.isArray(condition.value) ? condition.value.map(String) : []}
        options={field.choices.map(({ value, label }) => ({ value, label }))}
        onChange={(picked: string[]) => onChange(picked)}
      />
    );
  }
  return input(
    `value-${field.name}`,
    Array.isArray(condition.value) ? condition.value[0] : condition.value,
    (value) => onChange(condition.op === "in" ? [value] : value),
  );
}

interface ConditionLineProps {
  fields: readonly FieldMeta[];
  condition: Condition;
  onChange: (change: Partial<Condition>) => void;
  onRemove: () => void;
}

function ConditionLine({ fields, condition, onChange, onRemove }: ConditionLineProps) {
  const { t } = useTranslation();
  const field = fields.find((entry) => entry.name === condition.field);
  const usual: readonly string[] = field ? kindOf(field.kind).operators : [];
  const operators = usual.includes(condition.op) ? usual : [...usual, condition.op];
  return (
    <div className="hc-condition">
      <Select
        aria-label={t("list.field")}
        value={condition.field}
        showSearch={{ optionFilterProp: "label" }}
        options={fields.map(({ name, label }) => ({ value: name, label }))}
        onChange={(name: string) => {
          const kind = kindOf(fields.find((entry) => entry.name === name)?.kind ?? "text");
          onChange({ field: name, op: kind.operators[0] ?? "eq", value: null });
        }}
      />
      <Select
        aria-label={t("list.operator")}
        value={condition.op}
        options={operators.map((op) => ({ value: op, label: t(`op.${op}`) }))}
        onChange={(op: string) => onChange({ op, value: null })}
      />
      {field && <ValueInput field={field} condition={condition} onChange={(value) => onChange({ value })} />}
      <Button
        type="text"
        icon={<DeleteOutlined />}
        aria-label={t("list.remove_condition")}
        onClick={onRemove}
      />
    </div>
  );
}

export function ConditionBuilder({ fields, conditions, any, onChange }: ConditionBuilderProps) {
  const { t } = useTranslation();
  const set = (index: number, change: Partial<Condition>) =>
    onChange(
      conditions.map((condition, at) => (at === index ? { ...condition, ...change } : condition)),
      any,
    );
  const first = fields[0];
  return (
    <div className="hc-conditions">
      {conditions.length > 1 && (
        <Segmented
          size="small"
          value={any ? "any" : "all"}
          options={[
            { value: "all", label: t("list.all_hold") },
            { value: "any", label: t("list.any_holds") },
          ]}
          onChange={(value) => onChange([...conditions], value === "any")}
        />
      )}
      {conditions.map((condition, index) => (
        <ConditionLine
          key={index}
          fields={fields}
          condition={condition}
          onChange={(change) => set(index, change)}
          onRemove={() =>
            onChange(
              conditions.filter((_, at) => at !== index),
              any,
            )
          }
        />
      ))}
      <Button
        aria-label={t("list.add_condition")}
        size="small"
        icon={<PlusOutlined />}
        disabled={!first}
        onClick={() =>
          first &&
          onChange(
            [...conditions, { field: first.name, op: kindOf(first.kind).operators[0] ?? "eq", value: null }],
            any,
          )
        }
      >
        {t("list.add_condition")}
      </Button>
    </div>
  );
}
