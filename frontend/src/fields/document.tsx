/**
 * 单据引用 Document: a pointer to another document; opens it where it is read.
 * Where a grid asks for one, what is open with the party is offered: that is what there is to be cleared.
 */
import { useMemo } from "react";
import { type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { isObject } from "../api/check";
import type { JsonObject } from "../api/json";
import { pathOf } from "../meta/context";
import { formatDecimal } from "../meta/numbers";
import { runReport } from "../meta/reports";
import { isRef, textOf } from "../meta/values";
import { PickerList, type PickerRow } from "./picker";
import { ref } from "./ref";
import { compareText } from "./text";
import type { CellProps, FieldKind, InputProps, Parsed, PickContext, PickerProps } from "./types";

const FRESH_MS = 20_000;
const REPORT = "open_items";
const SIDES = ["supplier", "customer"];
const MOST = 50;

const Cell = ({ value }: CellProps) => {
  if (!isObject(value) || typeof value.type !== "string" || typeof value.id !== "number")
    return <>{textOf(value)}</>;
  return (
    <Link to={pathOf("document", value.type, value.id)} onClick={(event) => event.stopPropagation()}>
      {textOf(value)}
    </Link>
  );
};

/** The open items of a party on both sides, each with the document it stands on. */
const openItems = (party: number) =>
  queryOptions({
    queryKey: ["options", REPORT, party],
    staleTime: FRESH_MS,
    queryFn: async (): Promise<JsonObject[]> => {
      const asked = SIDES.map((side) =>
        runReport(REPORT, { party: String(party), side }).then(
          ({ rows }) => rows,
          () => [],
        ),
      );
      return (await Promise.all(asked)).flat().filter(({ document }) => isRef(document));
    },
  });

const toRow = (item: JsonObject): PickerRow => ({
  key: String(item.id ?? textOf(item.document)),
  value: item.document ?? null,
  option: { ...item, balance: item.open ?? null },
  code: textOf(item.document_date),
  label: textOf(item.document),
});

/** One of the open items of the party, as in the grid. */
function OpenItemInput({ id, field, value, onChange, context, invalid }: InputProps) {
  const { t } = useTranslation();
  const { data, isFetching } = useQuery({
    ...openItems(context.party ?? 0),
    enabled: context.party !== null,
  });
  const current = isRef(value) ? value : null;
  const rows = useMemo(() => {
    const found = (data ?? []).map(toRow);
    return current && !found.some((row) => isRef(row.value) && row.value.id === current.id)
      ? [
          { key: String(current.id), value: current, option: null, code: "", label: textOf(current) },
          ...found,
        ]
      : found;
  }, [current, data]);
  return (
    <Select
      id={id}
      className="hc-fill"
      value={rows.find((row) => isRef(row.value) && row.value.id === current?.id)?.key}
      showSearch={{ optionFilterProp: "label" }}
      allowClear={!field.required}
      status={invalid ? "error" : ""}
      loading={isFetching}
      notFoundContent={isFetching ? t("picker.searching") : t("picker.nothing")}
      popupMatchSelectWidth={280}
      options={rows.map(({ key, label }) => ({ value: key, label }))}
      optionRender={(entry) => {
        const row = rows.find(({ key }) => key === entry.value);
        return (
          <span className="hc-option">
            <span>{row?.label}</span>
            <span className="hc-dim">{row?.code}</span>
            <span className="hc-num">{formatDecimal(row?.option?.balance, 2, 2)}</span>
          </span>
        );
      }}
      onChange={(key: string | undefined) => {
        const row = rows.find((entry) => entry.key === key);
        onChange(row?.value ?? null, row?.option ?? null);
      }}
    />
  );
}

/** Where the declaration names a collection it is picked like a ref, else among what is open; or it is only shown. */
function Input(props: InputProps) {
  if (props.field.ref !== null) return <ref.Input {...props} />;
  if (!props.field.readonly) return <OpenItemInput {...props} />;
  return (
    <span id={props.id} className="hc-readonly">
      <Cell field={props.field} value={props.value} />
    </span>
  );
}

function Picker(props: PickerProps) {
  const { text, context, anchor, current, handle, onPick, onNothing } = props;
  const { data } = useQuery({ ...openItems(context.party ?? 0), enabled: context.party !== null });
  const rows = useMemo<PickerRow[] | null>(() => {
    if (context.party === null) return [];
    const wanted = text.trim().toLowerCase();
    const found = data?.map(toRow).filter(({ label }) => label.toLowerCase().includes(wanted));
    return found?.slice(0, MOST) ?? null;
  }, [context.party, data, text]);
  if (props.field.ref !== null && ref.grid.Picker) return <ref.grid.Picker {...props} />;
  return <PickerList {...{ text, anchor, current, handle, onPick, onNothing, rows }} />;
}

const parse = (text: string): Parsed =>
  text.trim() === "" ? { ok: true, value: null } : { ok: false, reason: "field.not_found" };

async function resolve(text: string, party: number | null, client: QueryClient) {
  if (party === null) return null;
  const items = await client.fetchQuery(openItems(party));
  const found = items.map(toRow).find(({ label }) => label === text.trim());
  return found ? { value: found.value, option: found.option } : null;
}

export const document: FieldKind = {
  kind: "document",
  align: "left",
  width: 150,
  stretches: false,
  operators: ["empty"],
  Cell,
  links: true,
  Input,
  grid: {
    format: (value) => textOf(value),
    parse,
    compare: (left, right) => compareText(textOf(left), textOf(right)),
    Picker,
    resolve: (text, field, line, context: PickContext, client) =>
      field.ref !== null && ref.grid.resolve
        ? ref.grid.resolve(text, field, line, context, client)
        : resolve(text, context.party, client),
  },
};
