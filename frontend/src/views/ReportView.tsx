/** 报表 Any report: its parameters, its table, and the way from every number to what it is made of. */
import { Suspense, lazy, useCallback, useEffect, useMemo, useState } from "react";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useLocation } from "react-router";
import { Alert, Button } from "antd";
import { FilterOutlined, SearchOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { isObject } from "../api/check";
import { messageOf } from "../api/client";
import * as calls from "../api/calls";
import type { Json, JsonObject } from "../api/json";
import { kindOf } from "../fields";
import { pathOf, recordOfCollection, useMeta } from "../meta/context";
import { formatDecimal } from "../meta/numbers";
import { runReport } from "../meta/reports";
import type { FieldMeta, ReportMeta } from "../meta/types";
import { type Ref, type Values, defaultOf, isEmpty, isRef, toWire } from "../meta/values";
import { ColumnPanel } from "./table/ColumnPanel";
import { chooseColumns, useColumnSettings } from "./table/columnSettings";
import { DataTable } from "./table/DataTable";
import { ExportButton } from "./table/ExportButton";
import { hasLine } from "./table/chart";
import { LineCommands, commandsFor } from "./table/LineCommands";
import { Remedies, remediesFor } from "./table/Remedies";
import { ReportActions } from "./table/ReportActions";
import { usePhone } from "./phone";
import { useTab, useTitle } from "./tabs";

/** Where the name of a thing is kept when a link leads to it by its id. */
const nameKey = (collection: string, id: number) => ["name", collection, id];

const ReportChart = lazy(() => import("./table/ReportChart"));

const NONE: ReadonlySet<number> = new Set();
const NOWHERE = { party: null, place: null, day: null, documentType: null };

/** Parameters as they stand in the address: a ref by its id; what is absent has its default, what is empty none. */
function fromAddress(search: string, report: ReportMeta, today: string): Values {
  const params = new URLSearchParams(search);
  const values: Values = {};
  for (const field of report.parameters) {
    const text = params.get(field.name);
    if (text === null) values[field.name] = defaultOf(field, today);
    else if (text === "") values[field.name] = null;
    else if (field.kind === "boolean") values[field.name] = text === "true";
    else values[field.name] = field.kind === "ref" ? { id: Number(text), code: "", label: `#${text}` } : text;
  }
  return values;
}

/** The address of these parameters; a default that was emptied is said, or it would come back. */
function toAddress(values: Values, report: ReportMeta): string {
  const query = new URLSearchParams(toQuery(values));
  for (const field of report.parameters) {
    if (field.default !== null && isEmpty(values[field.name])) query.set(field.name, "");
  }
  return query.toString();
}

function toQuery(values: Values): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    const wire = toWire(value);
    if (!isEmpty(wire)) query[name] = String(wire);
  }
  return query;
}

/** Gives the refs that came by id only their names, as soon as the server tells. */
function useNames(values: Values, report: ReportMeta, set: (name: string, value: Json) => void): void {
  const meta = useMeta();
  const client = useQueryClient();
  useEffect(() => {
    for (const field of report.parameters) {
      const value = values[field.name];
      if (!field.ref || !isRef(value) || value.code !== "" || !value.label.startsWith("#")) continue;
      const known = client.getQueryData<Ref>(nameKey(field.ref, value.id));
      if (known) set(field.name, known);
      const record = recordOfCollection(meta, field.ref);
      if (known || !record) continue;
      void calls
        .read(field.ref, value.id)
        .then((stored) => {
          const named = [stored[record.label_field], stored.name, stored.label];
          const label = named.find((entry) => typeof entry === "string") ?? value.label;
          const code = typeof stored.code === "string" ? stored.code : String(stored.id);
          set(field.name, { ...stored, id: value.id, code, label });
        })
        .catch(() => undefined);
    }
  }, [client, meta, report.parameters, set, values]);
}

/** Where a cell leads: a report with parameters out of the row, or the document it names. */
function useLinks(): (row: JsonObject, field: FieldMeta) => (() => void) | null {
  const tab = useTab();
  const client = useQueryClient();
  const { reports, documents } = useMeta();
  return useCallback(
    (row, field) => {
      const value = row[field.name];
      if (!field.drill || isEmpty(value)) return null;
      if (field.drill.document) {
        const target = isObject(value) ? value : isObject(row.document) ? row.document : null;
        if (
          !target ||
          typeof target.type !== "string" ||
          typeof target.id !== "number" ||
          !documents[target.type]
        )
          return null;
        const path = pathOf("document", target.type, target.id);
        return () => tab.open(path);
      }
      const { report, parameters } = field.drill;
      if (report === null || !reports[report]) return null;
      const query = new URLSearchParams();
      for (const [name, source] of Object.entries(parameters)) {
        const wire = toWire(row[source]);
        const ref = reports[report].parameters.find((parameter) => parameter.name === name)?.ref;
        if (ref && isRef(row[source])) client.setQueryData(nameKey(ref, row[source].id), row[source]);
        if (!isEmpty(wire)) query.set(name, String(wire));
      }
      return () => tab.open(`${pathOf("report", report)}?${query.toString()}`);
    },
    [client, documents, reports, tab],
  );
}

function Parameters({
  report,
  values,
  onChange,
  onRun,
}: {
  report: ReportMeta;
  values: Values;
  onChange: (name: string, value: Json) => void;
  onRun: () => void;
}) {
  const { t } = useTranslation();
  const phone = usePhone();
  const [all, setAll] = useState(false);
  const folded = phone && !all;
  const shown = report.parameters.filter(
    (field, index) => !folded || index === 0 || field.required || !isEmpty(values[field.name]),
  );
  return (
    <form
      className="hc-filters"
      onSubmit={(event) => {
        event.preventDefault();
        onRun();
      }}
    >
      {shown.map((field) => {
        const kind = kindOf(field.kind);
        const id = `parameter-${report.name}-${field.name}`;
        return (
          <span key={field.name} className="hc-filter hc-filter-labelled">
            <label htmlFor={id}>{field.label}</label>
            <kind.Input
              id={id}
              field={{ ...field, readonly: false }}
              value={values[field.name]}
              row={values}
              context={NOWHERE}
              invalid={field.required && isEmpty(values[field.name])}
              onChange={(value) => onChange(field.name, value)}
            />
          </span>
        );
      })}
      <Button aria-label={t("report.run")} type="primary" htmlType="submit" icon={<SearchOutlined />}>
        {t("report.run")}
      </Button>
      {folded && shown.length < report.parameters.length && (
        <Button aria-label={t("list.more")} icon={<FilterOutlined />} onClick={() => setAll(true)}>
          {t("list.more")}
        </Button>
      )}
    </form>
  );
}

function useParameters(report: ReportMeta) {
  const { book } = useMeta();
  const { search, pathname } = useLocation();
  const { replace } = useTab();
  const asked = useMemo(() => fromAddress(search, report, book.today), [book.today, report, search]);
  const [values, setValues] = useState(asked);
  const [seen, setSeen] = useState(search);
  if (seen !== search) {
    setSeen(search);
    // Names that are already known are kept: the address holds only ids.
    setValues((before) =>
      Object.fromEntries(
        Object.entries(asked).map(([name, value]) => {
          const known = before[name];
          return [name, isRef(known) && isRef(value) && known.id === value.id ? known : value];
        }),
      ),
    );
  }
  const set = useCallback(
    (name: string, value: Json) => setValues((before) => ({ ...before, [name]: value })),
    [],
  );
  useNames(values, report, set);
  const run = () => replace(`${pathname}?${toAddress(values, report)}`);
  return { values, set, run, query: toQuery(asked) };
}

/** Runs the report page by page once its required parameters are there. */
function useReport(report: ReportMeta, query: Record<string, string>) {
  const ready = report.parameters.every((field) => !field.required || query[field.name] !== undefined);
  const pages = useInfiniteQuery({
    queryKey: ["report", report.name, query],
    queryFn: ({ pageParam }) =>
      runReport(report.name, pageParam === null ? query : { ...query, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    enabled: ready,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.rows) ?? [], [pages.data]);
  return { ready, pages, rows, head: pages.data?.pages[0], onNearEnd };
}

interface ChartOfProps {
  report: ReportMeta;
  rows: readonly JsonObject[];
  linkOf: ReturnType<typeof useLinks>;
}

/** The chart that the report declares, where there is anything in it; a point leads where the cell of its day does. */
function ChartOf({ report, rows, linkOf }: ChartOfProps) {
  const { chart, columns, label } = report;
  const pick = useCallback(
    (row: JsonObject) => {
      const field = columns.find(({ name }) => name === chart?.x);
      if (field) linkOf(row, field)?.();
    },
    [chart, columns, linkOf],
  );
  if (!chart || !hasLine(chart, rows)) return null;
  return (
    <Suspense fallback={<div className="hc-report-chart" />}>
      <ReportChart chart={chart} label={label} rows={rows} onPick={pick} />
    </Suspense>
  );
}

export function ReportView({ report }: { report: ReportMeta }) {
  const { t } = useTranslation();
  useTitle(report.label);
  const { values, set, run, query } = useParameters(report);
  const { ready, pages, rows, head, onNearEnd } = useReport(report, query);
  const fields = head?.columns ?? report.columns;
  const names = useMemo(() => fields.map(({ name }) => name), [fields]);
  const settings = useColumnSettings(`report:${report.name}`, names);
  const shown = useMemo(() => chooseColumns(fields, settings.columns), [fields, settings.columns]);
  const linkOf = useLinks();
  const remedies = remediesFor(report, query);
  const commands = commandsFor(report, query, useMeta().documents);
  const [selected, setSelected] = useState<ReadonlySet<number>>(NONE);
  const chosen = rows.flatMap(({ id }) => (typeof id === "number" && selected.has(id) ? [id] : []));
  const nothing = ready ? t("report.empty") : t("report.fill_parameters");
  const ask = () => {
    if (pages.isFetched) void pages.refetch();
    run();
  };
  return (
    <div className="hc-view hc-report" data-testid={`report-${report.name}`}>
      <div className="hc-report-bar">
        <Parameters report={report} values={values} onChange={set} onRun={ask} />
        <ReportActions report={report} query={query} ready={ready} />
        <ExportButton path={`/reports/${report.name}`} query={query} more={report.files} />
        <ColumnPanel
          fields={fields}
          columns={settings.columns}
          onChange={settings.setColumns}
          onReset={settings.reset}
        />
      </div>
      {head?.truncated && (
        <Alert
          type="warning"
          showIcon
          title={t("report.truncated", { limit: formatDecimal(head.limit, 0, 0) })}
          data-testid="report-truncated"
        />
      )}
      <Remedies report={report} remedies={remedies} rows={chosen} onDone={() => setSelected(NONE)} />
      <LineCommands
        commands={commands}
        rows={rows.filter(({ id }) => chosen.includes(id as number))}
        onDone={() => setSelected(NONE)}
      />
      <ChartOf report={report} rows={rows} linkOf={linkOf} />
      {head?.note && <Alert type="info" showIcon title={head.note} />}
      <DataTable
        label={report.label}
        fields={shown}
        rows={rows}
        totals={head?.totals ?? null}
        loading={ready && pages.isPending}
        empty={pages.isError ? messageOf(pages.error, t("error.network")) : nothing}
        widths={settings.widths}
        onResize={settings.setWidth}
        onNearEnd={onNearEnd}
        linkOf={linkOf}
        {...(remedies.length + commands.length > 0 && { selected, onSelect: setSelected })}
      />
      <div className="hc-status">
        {head && t("report.count", { count: rows.length, more: head.next || head.truncated ? "+" : "" })}
      </div>
    </div>
  );
}
