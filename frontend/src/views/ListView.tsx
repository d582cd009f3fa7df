/** 列表 The list of any document type or master, drawn from its declaration. */
import { useCallback, useMemo, useState } from "react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useLocation } from "react-router";
import { Badge, Button, Dropdown } from "antd";
import {
  ClearOutlined,
  DownloadOutlined,
  FilterOutlined,
  ImportOutlined,
  PlusOutlined,
  ReloadOutlined,
} from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import * as calls from "../api/calls";
import { address, messageOf } from "../api/client";
import type { Json, JsonObject } from "../api/json";
import type { Row } from "../api/shapes";
import { pathOf, useMeta } from "../meta/context";
import type { FieldMeta, RecordMeta } from "../meta/types";
import { useHotkeys } from "./hotkeys";
import { BulkActions } from "./list/BulkActions";
import { ConditionBuilder } from "./list/ConditionBuilder";
import { ImportDialog } from "./list/ImportDialog";
import { QuickFilter, SearchBox } from "./list/QuickFilters";
import {
  type ListState,
  addressOf,
  firstState,
  listFields,
  quickFields,
  stateOf,
  whereOf,
} from "./list/state";
import { ColumnPanel } from "./table/ColumnPanel";
import { useColumnSettings } from "./table/columnSettings";
import { DataTable } from "./table/DataTable";
import { useTab, useTitle } from "./tabs";

const PAGE_SIZE = 100;
const NONE: ReadonlySet<number> = new Set();

/** The list's state, read from and written to the address of its tab. */
function useListState(meta: RecordMeta, quick: readonly FieldMeta[]) {
  const { book } = useMeta();
  const { search, pathname } = useLocation();
  const { replace } = useTab();
  const first = useMemo(() => firstState(meta, quick, book.today), [book.today, meta, quick]);
  const state = useMemo(() => stateOf(search, first), [first, search]);
  const change = useCallback(
    (part: Partial<ListState>) => replace(pathname + addressOf({ ...state, ...part })),
    [pathname, replace, state],
  );
  return { state, change, reset: () => replace(pathname), today: book.today };
}

function useRows(
  meta: RecordMeta,
  state: ListState,
  quick: readonly FieldMeta[],
  columns: readonly string[],
) {
  const query = {
    columns: columns.join(","),
    where: JSON.stringify(whereOf(state, quick)),
    sort: state.sort,
    search: state.search,
  };
  const pages = useInfiniteQuery({
    queryKey: ["list", meta.collection, query],
    queryFn: ({ pageParam, signal }) =>
      calls.list(
        meta.collection,
        { ...query, limit: PAGE_SIZE, cursor: pageParam, totals: pageParam === null ? 1 : null },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: (before) => before,
  });
  const rows = useMemo<Row[]>(() => pages.data?.pages.flatMap((page) => page.rows) ?? [], [pages.data]);
  return { pages, rows, query };
}

function ExportButton({ meta, query }: { meta: RecordMeta; query: Record<string, string> }) {
  const { t } = useTranslation();
  const link = (format: string) => (
    <a href={address(`/${meta.collection}/export`, { ...query, format })} download>
      {t("list.export_as", { format: format === "xlsx" ? "Excel" : "CSV" })}
    </a>
  );
  return (
    <Dropdown menu={{ items: ["xlsx", "csv"].map((format) => ({ key: format, label: link(format) })) }}>
      <Button icon={<DownloadOutlined />}>{t("list.export")}</Button>
    </Dropdown>
  );
}

interface FilterBarProps {
  meta: RecordMeta;
  quick: readonly FieldMeta[];
  fields: readonly FieldMeta[];
  list: ReturnType<typeof useListState>;
}

const AT_HAND = 4;

function FilterBar({ meta, quick, fields, list }: FilterBarProps) {
  const { t } = useTranslation();
  const { state, change, reset, today } = list;
  const [open, setOpen] = useState(state.conditions.length > 0);
  const setSearch = useCallback((search: string) => change({ search }), [change]);
  const set = (name: string, value: Json) => change({ quick: { ...state.quick, [name]: value } });
  const lineFields = meta.lines.flatMap((lines) =>
    lines.fields.map((field) => ({
      ...field,
      name: `${lines.name}.${field.name}`,
      label: `${lines.label} · ${field.label}`,
    })),
  );
  const shown = open ? quick : quick.slice(0, AT_HAND);
  return (
    <div className="hc-filters" role="search">
      <SearchBox
        value={state.search}
        label={meta.family === "document" ? t("list.search_document") : t("list.search")}
        onChange={setSearch}
      />
      {shown.map((field) => (
        <QuickFilter
          key={field.name}
          field={field}
          value={state.quick[field.name] ?? null}
          today={today}
          onChange={(value) => set(field.name, value)}
        />
      ))}
      <Badge count={state.conditions.length} size="small">
        <Button
          type={open ? "primary" : "default"}
          ghost={open}
          icon={<FilterOutlined />}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {t("list.more")}
        </Button>
      </Badge>
      <Button type="text" icon={<ClearOutlined />} onClick={reset}>
        {t("list.reset")}
      </Button>
      {open && (
        <ConditionBuilder
          fields={[...fields, ...lineFields]}
          conditions={state.conditions}
          any={state.any}
          onChange={(conditions, any) => change({ conditions, any })}
        />
      )}
    </div>
  );
}

export function ListView({ meta }: { meta: RecordMeta }) {
  const { t } = useTranslation();
  const tab = useTab();
  useTitle(meta.label);
  const fields = useMemo(() => listFields(meta, t), [meta, t]);
  const quick = useMemo(() => quickFields(meta, fields), [fields, meta]);
  const list = useListState(meta, quick);
  const settings = useColumnSettings(`columns:${meta.name}`, meta.list.columns);
  const shown = useMemo(
    () => settings.columns.flatMap((name) => fields.find((field) => field.name === name) ?? []),
    [fields, settings.columns],
  );
  const { pages, rows, query } = useRows(
    meta,
    list.state,
    quick,
    shown.map(({ name }) => name),
  );
  const [selected, setSelected] = useState<ReadonlySet<number>>(NONE);
  const [importing, setImporting] = useState(false);
  const createNew = () => meta.permissions.create && tab.openNew(pathOf(meta.family, meta.name));
  useHotkeys({ "Alt+N": createNew });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const chosen = rows.filter((row) => selected.has(row.id));
  const head = pages.data?.pages[0];
  const open = (row: JsonObject) =>
    typeof row.id === "number" && tab.open(pathOf(meta.family, meta.name, row.id));
  return (
    <div className="hc-view hc-list">
      <div className="hc-toolbar">
        {meta.permissions.create && (
          <Button type="primary" icon={<PlusOutlined />} onClick={createNew} title="Alt+N">
            {t("list.new")}
          </Button>
        )}
        {chosen.length > 0 && <BulkActions meta={meta} rows={chosen} onDone={() => setSelected(NONE)} />}
        <span className="hc-spring" />
        {meta.permissions.import && (
          <Button icon={<ImportOutlined />} onClick={() => setImporting(true)}>
            {t("list.import")}
          </Button>
        )}
        {meta.permissions.export && <ExportButton meta={meta} query={query} />}
        <Button
          icon={<ReloadOutlined />}
          aria-label={t("list.reload")}
          onClick={() => void pages.refetch()}
        />
        <ColumnPanel
          fields={fields}
          columns={settings.columns}
          onChange={settings.setColumns}
          onReset={settings.reset}
        />
      </div>
      <FilterBar meta={meta} quick={quick} fields={fields} list={list} />
      <DataTable
        label={meta.label}
        fields={shown}
        rows={rows}
        totals={head?.totals ?? null}
        loading={pages.isPending}
        empty={pages.isError ? messageOf(pages.error, t("error.network")) : t("list.empty")}
        widths={settings.widths}
        onResize={settings.setWidth}
        sort={list.state.sort}
        onSort={(sort) => list.change({ sort })}
        onOpen={open}
        onNearEnd={onNearEnd}
        selected={selected}
        onSelect={setSelected}
        linkOf={(row, field) => (field === shown[0] ? () => open(row) : null)}
      />
      <div className="hc-status" aria-live="polite">
        {head &&
          t("list.count", {
            loaded: rows.length,
            count: head.count ?? rows.length,
            more: head.count_capped ? "+" : "",
          })}
      </div>
      <ImportDialog meta={meta} open={importing} onClose={() => setImporting(false)} />
    </div>
  );
}
