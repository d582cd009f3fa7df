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
import type { Row, SavedFilter } from "../api/shapes";
import { pathOf, useMeta } from "../meta/context";
import type { FieldMeta, RecordMeta } from "../meta/types";
import { isEmpty } from "../meta/values";
import { useHotkeys } from "./hotkeys";
import { BulkActions } from "./list/BulkActions";
import { ConditionBuilder } from "./list/ConditionBuilder";
import { ImportDialog } from "./list/ImportDialog";
import { QuickFilter, SearchBox } from "./list/QuickFilters";
import { unpack } from "./list/saved";
import { SavedFilters } from "./list/SavedFilters";
import {
  type ListState,
  AT_HAND,
  addressOf,
  alertFilter,
  firstState,
  listFields,
  plainField,
  quickFields,
  stateOf,
  whereOf,
  withAlerts,
} from "./list/state";
import { useSavedFilters } from "./list/useSavedFilters";
import { ColumnPanel } from "./table/ColumnPanel";
import { chooseColumns, useColumnSettings } from "./table/columnSettings";
import { ExportButton } from "./table/ExportButton";
import { DataTable } from "./table/DataTable";
import { usePhone } from "./phone";
import { useTab, useTitle } from "./tabs";

const PAGE_SIZE = 100;
const NONE: ReadonlySet<number> = new Set();

/** Fields of the lines as conditions name them. */
const lineFieldsOf = (meta: RecordMeta): FieldMeta[] =>
  meta.lines.flatMap((lines) =>
    lines.fields.map((field) => ({
      ...field,
      name: `${lines.name}.${field.name}`,
      label: `${lines.label} · ${field.label}`,
    })),
  );

/** The list's state, read from and written to the address of its tab; without one it is the kept default, or the standard. */
function useListState(meta: RecordMeta, quick: readonly FieldMeta[], fields: readonly FieldMeta[]) {
  const { book } = useMeta();
  const { search, pathname } = useLocation();
  const { replace } = useTab();
  const kept = useSavedFilters(meta.name);
  const { t } = useTranslation();
  const conditionFields = useMemo(
    () => [
      ...fields,
      ...lineFieldsOf(meta),
      ...alertFilter(meta, t("list.alerts")),
      plainField("id", t("field_name.id"), "integer"),
    ],
    [fields, meta, t],
  );
  const standard = useMemo(() => firstState(meta, quick, book.today), [book.today, meta, quick]);
  const stateFor = useCallback(
    (filter: SavedFilter) => {
      const names = (list: readonly FieldMeta[]) => list.map(({ name }) => name);
      const known = { columns: names(fields), quick: names(quick), conditions: names(conditionFields) };
      return unpack(filter, standard, known, book.today);
    },
    [book.today, conditionFields, fields, quick, standard],
  );
  const first = useMemo(() => {
    const chosen = kept.filters.find((filter) => filter.is_default);
    return chosen ? stateFor(chosen) : standard;
  }, [kept.filters, standard, stateFor]);
  const state = useMemo(() => stateOf(search, first, standard), [first, search, standard]);
  const change = useCallback(
    (part: Partial<ListState>) => replace(pathname + addressOf({ ...state, ...part })),
    [pathname, replace, state],
  );
  const choose = (filter: SavedFilter | null) =>
    replace(pathname + addressOf(filter ? stateFor(filter) : standard));
  const ready = kept.ready || search !== "";
  return {
    state,
    change,
    choose,
    kept,
    ready,
    conditionFields,
    reset: () => replace(pathname),
    today: book.today,
  };
}

function useRows(
  meta: RecordMeta,
  state: ListState,
  quick: readonly FieldMeta[],
  shown: readonly FieldMeta[],
  ready: boolean,
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
    enabled: ready,
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
  list: ReturnType<typeof useListState>;
}

function FilterBar({ meta, quick, list }: FilterBarProps) {
  const { t } = useTranslation();
  const { state, change, reset, today } = list;
  const [open, setOpen] = useState(state.conditions.length > 0);
  const setSearch = useCallback((search: string) => change({ search }), [change]);
  const set = (name: string, value: Json) => change({ quick: { ...state.quick, [name]: value } });
  const phone = usePhone();
  // What is set is never out of sight: shown where there is room, else counted at the button that shows it.
  const atHand = (field: FieldMeta, index: number) =>
    !phone && (index < AT_HAND || !isEmpty(state.quick[field.name]));
  const shown = open ? quick : quick.filter(atHand);
  const hidden = quick.filter((field) => !shown.includes(field) && !isEmpty(state.quick[field.name]));
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
      <Badge count={state.conditions.length + hidden.length} size="small">
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
          fields={list.conditionFields}
          conditions={state.conditions}
          any={state.any}
          onChange={(conditions, any) => change({ conditions, any })}
        />
      )}
    </div>
  );
}

/** The columns of the kept filter at hand, where it has some, else those the user has chosen for this list. */
function useColumns(meta: RecordMeta, list: ReturnType<typeof useListState>) {
  const settings = useColumnSettings(`columns:${meta.name}`, meta.list.columns);
  const { state, change } = list;
  return {
    names: state.columns ?? settings.columns,
    set: (columns: string[]) => (state.columns ? change({ columns }) : settings.setColumns(columns)),
    reset: () => {
      settings.reset();
      if (state.columns) change({ columns: null });
    },
    widths: settings.widths,
    setWidth: settings.setWidth,
  };
}

interface ListBarProps {
  meta: RecordMeta;
  fields: readonly FieldMeta[];
  list: ReturnType<typeof useListState>;
  columns: ReturnType<typeof useColumns>;
  query: Record<string, string>;
  chosen: readonly Row[];
  onNew: () => void;
  onReload: () => void;
  onDone: () => void;
}

function ListBar(props: ListBarProps) {
  const { meta, fields, list, columns, query, chosen, onNew, onReload, onDone } = props;
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
      <SavedFilters
        kept={list.kept}
        state={list.state}
        columns={columns.names}
        today={list.today}
        onChoose={list.choose}
      />
      {chosen.length > 0 && <BulkActions meta={meta} rows={chosen} onDone={onDone} />}
      <span className="hc-spring" />
      {meta.permissions.import && (
        <Button aria-label={t("list.import")} icon={<ImportOutlined />} onClick={() => setImporting(true)}>
          {t("list.import")}
        </Button>
      )}
      {meta.permissions.export && <ExportButton path={`/${meta.collection}/export`} query={query} />}
      <Button icon={<ReloadOutlined />} aria-label={t("list.reload")} onClick={onReload} />
      <ColumnPanel fields={fields} columns={columns.names} onChange={columns.set} onReset={columns.reset} />
      <ImportDialog meta={meta} open={importing} onClose={() => setImporting(false)} />
    </div>
  );
}

export function ListView({ meta }: { meta: RecordMeta }) {
  const { t } = useTranslation();
  const tab = useTab();
  useTitle(meta.label);
  const fields = useMemo(() => listFields(meta, t), [meta, t]);
  const quick = useMemo(
    () => withAlerts(meta, quickFields(meta, fields), alertFilter(meta, t("list.alerts"))),
    [fields, meta, t],
  );
  const list = useListState(meta, quick, fields);
  const columns = useColumns(meta, list);
  const shown = useMemo(() => chooseColumns(fields, columns.names), [columns.names, fields]);
  const { pages, rows, query, onNearEnd } = useRows(meta, list.state, quick, shown, list.ready);
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
        list={list}
        columns={columns}
        query={query}
        chosen={rows.filter((row) => selected.has(row.id))}
        onNew={createNew}
        onReload={() => void pages.refetch()}
        onDone={() => setSelected(NONE)}
      />
      <FilterBar meta={meta} quick={quick} list={list} />
      <DataTable
        label={meta.label}
        fields={shown}
        rows={rows}
        totals={head?.totals ?? null}
        loading={pages.isPending}
        empty={pages.isError ? messageOf(pages.error, t("error.network")) : t("list.empty")}
        widths={columns.widths}
        onResize={columns.setWidth}
        sort={list.state.sort}
        onSort={(sort) => list.change({ sort })}
        onOpen={open}
        onNearEnd={onNearEnd}
        selected={selected}
        onSelect={setSelected}
        linkOf={linkOf}
        alertsIn={(shown.find(({ name }) => name === meta.label_field) ?? shown[0])?.name}
        onAlert={openTab}
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
