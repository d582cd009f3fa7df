/** 列表 The list of any document type or master, drawn from its declaration. */
import { useCallback, useMemo, useState } from "react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useLocation } from "react-router";
import { Badge, Button } from "antd";
import {
  ClearOutlined,
  FilterOutlined,
  ImportOutlined,
  PlusOutlined,
  ReloadOutlined,
} from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import * as calls from "../api/calls";
import { messageOf } from "../api/client";
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
import { chooseColumns, useColumnSettings } from "./table/columnSettings";
import { ExportButton } from "./table/ExportButton";
import { DataTable } from "./table/DataTable";
import { usePhone } from "./phone";
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
  shown: readonly FieldMeta[],
) {
  const query = {
    columns: shown.map(({ name }) => name).join(","),
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
  const { t } = useTranslation();
  const rows = useMemo<Row[]>(
    () =>
      (pages.data?.pages ?? []).flatMap((page) =>
        // A draft has no number yet; it still needs something to be opened by.
        page.rows.map((row) =>
          row.number === null ? { ...row, number: t("document.draft_number", { id: row.id }) } : row,
        ),
      ),
    [pages.data, t],
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  return { pages, rows, query, onNearEnd };
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
  const phone = usePhone();
  const shown = open ? quick : quick.slice(0, phone ? 0 : AT_HAND);
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
          aria-label={t("list.more")}
          type={open ? "primary" : "default"}
          ghost={open}
          icon={<FilterOutlined />}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {t("list.more")}
        </Button>
      </Badge>
      <Button aria-label={t("list.reset")} type="text" icon={<ClearOutlined />} onClick={reset}>
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

interface ListBarProps {
  meta: RecordMeta;
  fields: readonly FieldMeta[];
  settings: ReturnType<typeof useColumnSettings>;
  query: Record<string, string>;
  chosen: readonly Row[];
  onNew: () => void;
  onReload: () => void;
  onDone: () => void;
}

function ListBar({ meta, fields, settings, query, chosen, onNew, onReload, onDone }: ListBarProps) {
  const { t } = useTranslation();
  const [importing, setImporting] = useState(false);
  return (
    <div className="hc-toolbar">
      {meta.permissions.create && (
        <Button
          aria-label={t("list.new")}
          type="primary"
          icon={<PlusOutlined />}
          onClick={onNew}
          title="Alt+N"
        >
          {t("list.new")}
        </Button>
      )}
      {chosen.length > 0 && <BulkActions meta={meta} rows={chosen} onDone={onDone} />}
      <span className="hc-spring" />
      {meta.permissions.import && (
        <Button aria-label={t("list.import")} icon={<ImportOutlined />} onClick={() => setImporting(true)}>
          {t("list.import")}
        </Button>
      )}
      {meta.permissions.export && <ExportButton path={`/${meta.collection}/export`} query={query} />}
      <Button icon={<ReloadOutlined />} aria-label={t("list.reload")} onClick={onReload} />
      <ColumnPanel
        fields={fields}
        columns={settings.columns}
        onChange={settings.setColumns}
        onReset={settings.reset}
      />
      <ImportDialog meta={meta} open={importing} onClose={() => setImporting(false)} />
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
  const shown = useMemo(() => chooseColumns(fields, settings.columns), [fields, settings.columns]);
  const { pages, rows, query, onNearEnd } = useRows(meta, list.state, quick, shown);
  const [selected, setSelected] = useState<ReadonlySet<number>>(NONE);
  const createNew = () => meta.permissions.create && tab.openNew(pathOf(meta.family, meta.name));
  useHotkeys({ "Alt+N": createNew });
  const head = pages.data?.pages[0];
  const { open: openTab } = tab;
  const open = useCallback(
    (row: JsonObject) => typeof row.id === "number" && openTab(pathOf(meta.family, meta.name, row.id)),
    [meta, openTab],
  );
  const linkOf = useCallback(
    (row: JsonObject, field: FieldMeta) => (field === shown[0] ? () => open(row) : null),
    [open, shown],
  );
  return (
    <div className="hc-view hc-list" data-testid={`list-${meta.name}`}>
      <ListBar
        meta={meta}
        fields={fields}
        settings={settings}
        query={query}
        chosen={rows.filter((row) => selected.has(row.id))}
        onNew={createNew}
        onReload={() => void pages.refetch()}
        onDone={() => setSelected(NONE)}
      />
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
        linkOf={linkOf}
      />
      <div className="hc-status" aria-live="polite">
        {head &&
          t("list.count", {
            loaded: rows.length,
            count: head.count ?? rows.length,
            more: head.count_capped ? "+" : "",
          })}
      </div>
    </div>
  );
}
