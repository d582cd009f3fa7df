/** 引用 Ref: a pointer to a master, found by code, barcode, name, pinyin initials or spec. */
import { type KeyboardEvent, useMemo, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { alertsOf } from "../meta/alerts";
import { recordOfCollection, useMeta } from "../meta/context";
import { formatDecimal } from "../meta/numbers";
import type { FieldMeta } from "../meta/types";
import { isRef, textOf } from "../meta/values";
import type { Option } from "../api/shapes";
import { AlertTags } from "./AlertTags";
import { findByCode, optionsQuery, useFormOptions, useOptions } from "./options";
import { PickerList, type PickerRow } from "./picker";
import { compareText } from "./text";
import type { CellProps, FieldKind, InputProps, Parsed, PickContext, PickerProps } from "./types";

const ALERTS_SHOWN = 2;
const PLAIN_POPUP = 280;
const MARKED_POPUP = 380;
const POPUP_EDGE = 16;

export const toRow = (option: Option): PickerRow => ({
  key: String(option.id),
  value: option,
  option,
  code: option.code,
  label: option.label,
});

/** A type may have several fields for one collection, each with records of its own. */
const asked = (field: FieldMeta) => ({ field: field.name });

const Cell = ({ value }: CellProps) => {
  if (!isRef(value)) return <>{textOf(value)}</>;
  return (
    <span title={`${value.code} ${value.label}`}>
      {typeof value.spec === "string" && value.code && <span className="hc-code">{value.code} </span>}
      {value.label}
      {typeof value.spec === "string" && value.spec && <span className="hc-dim"> {value.spec}</span>}
    </span>
  );
};

/** Text without a picked option is never a value: the grid looks it up and keeps it marked until it is found. */
const parse = (text: string): Parsed =>
  text.trim() === "" ? { ok: true, value: null } : { ok: false, reason: "field.not_found" };

/** Where options may bear alerts there is room for them beside the name, whether or not one does. */
function usePopupWidth(collection: string): number {
  const marked = (recordOfCollection(useMeta(), collection)?.alerts.length ?? 0) > 0;
  return marked ? Math.min(MARKED_POPUP, window.innerWidth - POPUP_EDGE) : PLAIN_POPUP;
}

export function RefInput({ id, field, value, onChange, context, invalid }: InputProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const [touched, setTouched] = useState(false);
  const client = useQueryClient();
  const collection = field.ref ?? "";
  const options = useFormOptions(collection, search, context, touched && collection !== "", asked(field));
  const { data, isFetching } = options;
  const current = isRef(value) ? value : null;
  const width = usePopupWidth(collection);
  /** Enter came before the options for this text: the first of those is meant, not of the ones still on screen. */
  const takeFirst = async (text: string) => {
    const query = optionsQuery(collection, text.trim(), context, asked(field));
    const [option] = await client.fetchQuery(query).catch(() => []);
    if (option) onChange(option, option);
  };
  const onEnter = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing || search.trim() === "" || options.current)
      return;
    event.stopPropagation();
    void takeFirst(search);
    setSearch("");
  };
  const rows = useMemo(() => {
    const found = data ?? [];
    return current && search === "" && !found.some((option) => option.id === current.id)
      ? [current, ...found]
      : found;
  }, [data, current, search]);
  return (
    <span className="hc-ref" onKeyDownCapture={onEnter}>
      <Select
        id={id}
        className="hc-fill"
        value={current?.id}
        showSearch={{ filterOption: false, onSearch: setSearch, searchValue: search }}
        allowClear={!field.required}
        disabled={field.readonly}
        status={invalid ? "error" : ""}
        loading={isFetching}
        placeholder={field.readonly ? "" : t("picker.placeholder")}
        notFoundContent={isFetching ? t("picker.searching") : t("picker.nothing")}
        popupMatchSelectWidth={width}
        defaultActiveFirstOption
        options={rows.map((option) => ({ value: option.id, label: option.label, option }))}
        optionRender={(entry) => {
          const option = rows.find((row) => row.id === entry.value);
          const balance = formatDecimal(option?.balance, 2, 2);
          return (
            <span className="hc-option">
              <span className="hc-picker-code">{option?.code}</span>
              <span>{option?.label}</span>
              <AlertTags alerts={alertsOf(option ?? null)} most={ALERTS_SHOWN} />
              {balance && <span className="hc-dim hc-num">{balance}</span>}
            </span>
          );
        }}
        onFocus={() => setTouched(true)}
        onOpenChange={(open) => open && setTouched(true)}
        onChange={(picked: number | undefined) => {
          const option = rows.find((row) => row.id === picked) ?? null;
          setSearch("");
          onChange(option, option);
        }}
      />
    </span>
  );
}

/** Families by which the lines with this field may be entered: picked, they open the matrix. */
function useFamilies(field: FieldMeta, text: string, context: PickContext): PickerRow[] | null {
  const { documents } = useMeta();
  const { t } = useTranslation();
  const tables = context.documentType === null ? [] : (documents[context.documentType]?.lines ?? []);
  const matrix = field.ref === "items" ? tables.find(({ fields }) => fields.includes(field))?.matrix : "";
  const wanted = matrix && text.trim() !== "" ? matrix : "";
  const options = useOptions(wanted, text, context, {}, wanted !== "");
  const mark = t("matrix.title");
  return useMemo(() => {
    if (wanted === "") return [];
    return (
      options?.slice(0, 3).map((option) => {
        const opened = { ...option, opens: "matrix", spec: mark };
        return { ...toRow(opened), key: `family-${option.id}` };
      }) ?? null
    );
  }, [mark, options, wanted]);
}

function Picker({ field, text, context, anchor, current, handle, onPick, onNothing }: PickerProps) {
  const options = useOptions(field.ref ?? "", text, context, asked(field));
  const families = useFamilies(field, text, context);
  const rows = useMemo(() => {
    if (options === null || families === null) return null;
    const isNamed = families[0]?.code.toLowerCase() === text.trim().toLowerCase();
    const items = options.map(toRow);
    return isNamed ? [...families, ...items] : [...items, ...families];
  }, [families, options, text]);
  return <PickerList {...{ anchor, current, handle, onPick, onNothing }} text={text} rows={rows} />;
}

export const ref: FieldKind = {
  kind: "ref",
  align: "left",
  width: 180,
  stretches: true,
  operators: ["eq", "in", "ne", "empty"],
  Cell,
  Input: RefInput,
  grid: {
    format: (value) => (isRef(value) ? value.code || value.label : textOf(value)),
    parse,
    compare: (left, right) => compareText(textOf(left as never), textOf(right as never)),
    Picker,
    resolve: async (text, field, _line, context, client) => {
      const option = field.ref ? await findByCode(client, field.ref, text, context, asked(field)) : null;
      return option ? { value: option, option } : null;
    },
  },
};
