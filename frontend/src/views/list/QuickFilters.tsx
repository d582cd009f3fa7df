/** The filters at hand above a list. */
import { useEffect, useState } from "react";
import { DatePicker, Input, Select } from "antd";
import { SearchOutlined } from "@ant-design/icons";
import dayjs, { type Dayjs } from "dayjs";
import { useTranslation } from "react-i18next";
import type { Json } from "../../api/json";
import { kindOf } from "../../fields";
import type { FieldMeta } from "../../meta/types";
import { textOf } from "../../meta/values";
import { SPANS } from "./spans";

const NOWHERE = { party: null, place: null, day: null, documentType: null };
const TYPING_MS = 300;

/** Text that is reported after a pause or by Enter. */
export function SearchBox({
  value,
  label,
  onChange,
}: {
  value: string;
  label: string;
  onChange: (text: string) => void;
}) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    setText(value);
  }
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [onChange, text, value]);
  return (
    <Input
      className="hc-search"
      prefix={<SearchOutlined className="hc-dim" />}
      placeholder={label}
      aria-label={label}
      allowClear
      value={text}
      onChange={(event) => setText(event.target.value)}
      onPressEnter={() => onChange(text)}
    />
  );
}

interface FilterProps {
  field: FieldMeta;
  value: Json;
  today: string;
  onChange: (value: Json) => void;
}

function DateFilter({ field, value, today, onChange }: FilterProps) {
  const { t } = useTranslation();
  const [from, to] = Array.isArray(value) ? value : [null, null];
  const presets = Object.entries(SPANS).map(([name, spanOf]) => ({
    label: t(`list.${name}`),
    value: spanOf(today).map((text) => dayjs(text)) as [Dayjs, Dayjs],
  }));
  return (
    <DatePicker.RangePicker
      className="hc-filter-date"
      aria-label={field.label}
      placeholder={[field.label, field.label]}
      presets={presets}
      value={from && to ? [dayjs(textOf(from)), dayjs(textOf(to))] : null}
      onChange={(range) => {
        const [start, end] = range ?? [];
        onChange(start && end ? [start.format("YYYY-MM-DD"), end.format("YYYY-MM-DD")] : null);
      }}
    />
  );
}

function ChoiceFilter({ field, value, onChange }: FilterProps) {
  return (
    <Select
      className="hc-filter"
      mode="multiple"
      maxTagCount="responsive"
      allowClear
      placeholder={field.label}
      aria-label={field.label}
      value={Array.isArray(value) ? value.map(String) : []}
      options={field.choices.map((choice) => ({ value: choice.value, label: choice.label }))}
      onChange={(picked: string[]) => onChange(picked.length > 0 ? picked : null)}
    />
  );
}

function BooleanFilter({ field, value, onChange }: FilterProps) {
  const { t } = useTranslation();
  return (
    <Select
      className="hc-filter"
      allowClear
      placeholder={field.label}
      aria-label={field.label}
      value={typeof value === "boolean" ? String(value) : undefined}
      options={[
        { value: "true", label: `${field.label}: ${t("field.yes")}` },
        { value: "false", label: `${field.label}: ${t("field.no")}` },
      ]}
      onChange={(picked: string | undefined) => onChange(picked === undefined ? null : picked === "true")}
    />
  );
}

function PlainFilter({ field, value, onChange }: FilterProps) {
  const kind = kindOf(field.kind);
  return (
    <span className="hc-filter hc-filter-labelled">
      <label htmlFor={`filter-${field.name}`}>{field.label}</label>
      <kind.Input
        id={`filter-${field.name}`}
        field={field}
        value={value}
        row={{}}
        context={NOWHERE}
        invalid={false}
        onChange={(next) => onChange(next)}
      />
    </span>
  );
}

function TextFilter({ field, value, onChange }: FilterProps) {
  return (
    <span className="hc-filter">
      <SearchBox value={textOf(value)} label={field.label} onChange={(text) => onChange(text || null)} />
    </span>
  );
}

const FILTERS: Record<string, (props: FilterProps) => React.ReactNode> = {
  date: DateFilter,
  datetime: DateFilter,
  choice: ChoiceFilter,
  boolean: BooleanFilter,
  text: TextFilter,
  longtext: TextFilter,
};

/** The control of one quick filter. */
export function QuickFilter(props: FilterProps) {
  const Filter = FILTERS[props.field.kind] ?? PlainFilter;
  return <Filter {...props} />;
}
