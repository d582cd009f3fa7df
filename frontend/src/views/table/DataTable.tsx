/** 表格 The table of lists and reports: virtual rows, fixed head and totals, driven by mouse or keyboard. */
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  memo,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Checkbox, Empty, Spin } from "antd";
import { CaretDownOutlined, CaretUpOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { Json, JsonObject } from "../../api/json";
import { kindOf } from "../../fields";
import { AlertTags } from "../../fields/AlertTags";
import { alertsOf } from "../../meta/alerts";
import type { FieldMeta } from "../../meta/types";
import { fit, markedWidth, measure, useRoom } from "../grid/columns";
import { usePhone } from "../phone";
import { CardList } from "./CardList";

export const ROW_HEIGHT = 32;
const SELECT_WIDTH = 36;
const LEAST_WIDTH = 48;
const MOST_STRETCH = 2.4;
const NEAR_END_ROWS = 20;
export const ALERTS_SHOWN = 2;

export interface TableProps {
  label: string;
  fields: readonly FieldMeta[];
  rows: readonly JsonObject[];
  totals: Record<string, Json> | null;
  loading: boolean;
  /** Text where there are no rows. */
  empty: string;
  widths: Record<string, number>;
  onResize: (name: string, width: number) => void;
  sort?: string;
  onSort?: (sort: string) => void;
  onOpen?: (row: JsonObject) => void;
  onNearEnd?: () => void;
  selected?: ReadonlySet<number>;
  onSelect?: (selected: ReadonlySet<number>) => void;
  /** What a cell of this column opens, if anything. */
  linkOf?: (row: JsonObject, field: FieldMeta) => (() => void) | null;
  /** The column beside whose words the alerts of a row stand, and what opens the list of alerts that one leads to. */
  alertsIn?: string | undefined;
  onAlert?: (path: string) => void;
}

interface Layout {
  widths: number[];
  total: number;
}

function useLayout(props: TableProps, scroll: RefObject<HTMLDivElement | null>): Layout {
  const room = useRoom(scroll);
  const { fields, rows, totals, widths, onSelect, alertsIn } = props;
  const needs = useMemo(() => {
    const numbers = measure(fields, (name) => [totals?.[name], ...rows.map((row) => row[name])]);
    return fields.map(({ name }, index) =>
      name === alertsIn
        ? Math.max(numbers[index] ?? 0, markedWidth(rows, name, ALERTS_SHOWN))
        : (numbers[index] ?? 0),
    );
  }, [alertsIn, fields, rows, totals]);
  return useMemo(() => {
    const head = onSelect ? SELECT_WIDTH : 0;
    // What the user has drawn himself is left as it is.
    const free = fields.filter(({ name }) => widths[name] === undefined);
    const taken = fields.reduce((total, { name }) => total + (widths[name] ?? 0), head);
    const declared = free.map((field) => field.width ?? kindOf(field.kind).width);
    const freeNeeds = needs.filter((_, index) => widths[fields[index]?.name ?? ""] === undefined);
    const fitted = fit(free, declared, freeNeeds, room > 0 ? Math.max(1, room - taken) : 0, MOST_STRETCH);
    const byName = new Map(free.map(({ name }, index) => [name, fitted[index] ?? 0]));
    const all = fields.map(({ name }) => widths[name] ?? byName.get(name) ?? 0);
    return { widths: all, total: all.reduce((total, width) => total + width, head) };
  }, [fields, needs, onSelect, room, widths]);
}

function ResizeHandle({ width, onResize }: { width: number; onResize: (width: number) => void }) {
  return (
    <span
      className="hc-resize"
      aria-hidden
      onClick={(event) => event.stopPropagation()}
      onPointerDown={(event) => {
        event.preventDefault();
        event.stopPropagation();
        const start = event.clientX;
        const target = event.currentTarget;
        target.setPointerCapture(event.pointerId);
        target.onpointermove = (move) => onResize(Math.max(LEAST_WIDTH, width + move.clientX - start));
        target.onpointerup = () => {
          target.onpointermove = null;
        };
      }}
    />
  );
}

function Head({ table, layout }: { table: TableProps; layout: Layout }) {
  const { fields, rows, selected, onSelect, sort = "", onSort, onResize } = table;
  const { t } = useTranslation();
  const all = rows.length > 0 && rows.every((row) => selected?.has(row.id as number));
  return (
    <div role="row" className="hc-table-head" style={{ width: layout.total }}>
      {onSelect && (
        <div role="columnheader" className="hc-td hc-td-select" style={{ width: SELECT_WIDTH }}>
          <Checkbox
            aria-label={t("table.select_all")}
            checked={all}
            indeterminate={!all && (selected?.size ?? 0) > 0}
            onChange={() => onSelect(all ? new Set() : new Set(rows.map((row) => row.id as number)))}
          />
        </div>
      )}
      {fields.map((field, col) => {
        const direction =
          sort === field.name ? "ascending" : sort === `-${field.name}` ? "descending" : "none";
        return (
          <div
            key={field.name}
            role="columnheader"
            aria-sort={onSort ? direction : undefined}
            className={`hc-td hc-${kindOf(field.kind).align}${onSort && field.sortable ? " hc-sortable" : ""}`}
            style={{ width: layout.widths[col] }}
            title={field.help ?? field.label}
            onClick={() =>
              field.sortable && onSort?.(direction === "descending" ? field.name : `-${field.name}`)
            }
          >
            <span className="hc-ellipsis">{field.label}</span>
            {direction === "ascending" && <CaretUpOutlined />}
            {direction === "descending" && <CaretDownOutlined />}
            <ResizeHandle width={layout.widths[col] ?? 0} onResize={(width) => onResize(field.name, width)} />
          </div>
        );
      })}
    </div>
  );
}

interface BodyCellProps {
  row: JsonObject;
  field: FieldMeta;
  table: Pick<TableProps, "linkOf" | "alertsIn" | "onAlert">;
  width: number;
}

function BodyCell({ row, field, table, width }: BodyCellProps) {
  const kind = kindOf(field.kind);
  const open = kind.links ? null : (table.linkOf?.(row, field) ?? null);
  const alerts = field.name === table.alertsIn ? alertsOf(row) : [];
  const cell = <kind.Cell field={field} value={row[field.name]} />;
  const words = open ? (
    <a
      className="hc-drill"
      role="link"
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation();
        open();
      }}
    >
      {cell}
    </a>
  ) : (
    cell
  );
  return (
    <div
      role="gridcell"
      className={`hc-td hc-${kind.align}${alerts.length > 0 ? " hc-marked" : ""}`}
      style={{ width }}
    >
      {alerts.length > 0 ? <span className="hc-ellipsis">{words}</span> : words}
      <AlertTags alerts={alerts} most={ALERTS_SHOWN} {...(table.onAlert && { onOpen: table.onAlert })} />
    </div>
  );
}

interface BodyRowProps {
  row: JsonObject;
  index: number;
  top: number;
  current: boolean;
  checked: boolean;
  table: Pick<TableProps, "fields" | "linkOf" | "alertsIn" | "onAlert">;
  layout: Layout;
  selectable: boolean;
  onCurrent: (index: number) => void;
  onOpen: (index: number) => void;
  onToggle: (index: number) => void;
}

function BodyRowView(props: BodyRowProps) {
  const { row, index, top, current, checked, table, layout, selectable, onCurrent, onOpen, onToggle } = props;
  const { t } = useTranslation();
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={checked}
      className={`hc-tr${current ? " hc-tr-current" : ""}${checked ? " hc-tr-checked" : ""}`}
      style={{ transform: `translateY(${top}px)`, width: layout.total, height: ROW_HEIGHT }}
      data-testid={typeof row.id === "number" ? `row-${row.id}` : `row-at-${index}`}
      onClick={() => onCurrent(index)}
      onDoubleClick={() => onOpen(index)}
    >
      {selectable && (
        <div
          role="gridcell"
          className="hc-td hc-td-select"
          style={{ width: SELECT_WIDTH }}
          onDoubleClick={(event) => event.stopPropagation()}
        >
          <Checkbox
            aria-label={t("table.select_row")}
            checked={checked}
            onChange={() => onToggle(index)}
            tabIndex={-1}
          />
        </div>
      )}
      {table.fields.map((field, col) => (
        <BodyCell key={field.name} row={row} field={field} table={table} width={layout.widths[col] ?? 0} />
      ))}
    </div>
  );
}

const BodyRow = memo(BodyRowView);

function Totals({ table, layout }: { table: TableProps; layout: Layout }) {
  const { t } = useTranslation();
  const { fields, totals, onSelect } = table;
  if (!totals || Object.keys(totals).length === 0) return null;
  return (
    <div role="row" className="hc-table-foot" style={{ width: layout.total }}>
      {onSelect && <div className="hc-td hc-td-select" style={{ width: SELECT_WIDTH }} />}
      {fields.map((field, col) => {
        const kind = kindOf(field.kind);
        const value = totals[field.name];
        const empty = value === undefined || value === null;
        return (
          <div
            key={field.name}
            role="gridcell"
            className={`hc-td hc-${kind.align}`}
            style={{ width: layout.widths[col] }}
          >
            {empty ? col === 0 && t("grid.total") : <kind.Cell field={field} value={value} />}
          </div>
        );
      })}
    </div>
  );
}

/** The row at hand, moved with the keys. */
function useRowKeys(props: TableProps, toRow: (index: number) => void) {
  const { rows, selected, onSelect, onOpen } = props;
  const [current, setCurrent] = useState(-1);
  const go = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setCurrent(next);
    toRow(next);
  };
  const toggle = (index: number) => {
    const id = rows[index]?.id;
    if (!onSelect || typeof id !== "number") return;
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  const open = (index: number) => {
    const row = rows[index];
    if (row) onOpen?.(row);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(current + 1),
      ArrowUp: () => go(current - 1),
      PageDown: () => go(current + 15),
      PageUp: () => go(current - 15),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      Enter: () => open(current),
      " ": () => toggle(current),
    };
    const action = moves[event.key];
    if (!action || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    action();
  };
  return { current, setCurrent, onKeyDown, toggle, open };
}

/** The same three functions for every row and every drawing, so that rows need not be drawn again. */
function useStable(keys: ReturnType<typeof useRowKeys>) {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  return useMemo(
    () => ({
      onCurrent: (index: number) => latest.current.setCurrent(index),
      onOpen: (index: number) => latest.current.open(index),
      onToggle: (index: number) => latest.current.toggle(index),
    }),
    [],
  );
}

/** What stands where there are no rows. */
const noteOf = ({ loading, empty }: TableProps): ReactNode =>
  loading ? <Spin /> : <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={empty} />;

/** On a telephone a list whose rows open is shown as cards; a report stays the table that its figures are. */
export function DataTable(props: TableProps) {
  const phone = usePhone();
  return phone && props.onOpen ? <CardList table={props} note={noteOf(props)} /> : <WideTable {...props} />;
}

function WideTable(props: TableProps) {
  const { label, rows, selected, onSelect, onNearEnd, fields, linkOf, alertsIn, onAlert } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const layout = useLayout(props, scroll);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    scrollMargin: ROW_HEIGHT,
    scrollPaddingStart: ROW_HEIGHT,
    scrollPaddingEnd: ROW_HEIGHT,
    initialRect: { width: 1000, height: 600 },
  });
  const keys = useRowKeys(props, (index) => virtual.scrollToIndex(index, { align: "auto" }));
  const stable = useStable(keys);
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && lastShown >= rows.length - NEAR_END_ROWS) onNearEnd?.();
  }, [lastShown, onNearEnd, rows.length]);
  const parts = useMemo(() => ({ fields, linkOf, alertsIn, onAlert }), [alertsIn, fields, linkOf, onAlert]);
  return (
    <div
      className="hc-table"
      ref={scroll}
      tabIndex={0}
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      onKeyDown={keys.onKeyDown}
    >
      <Head table={props} layout={layout} />
      <div
        role="rowgroup"
        className="hc-table-body"
        style={{ height: virtual.getTotalSize(), width: layout.total }}
      >
        {items.map(({ index, start }) => {
          const row = rows[index];
          return row ? (
            <BodyRow
              key={typeof row.id === "number" ? row.id : index}
              row={row}
              index={index}
              top={start - ROW_HEIGHT}
              current={index === keys.current}
              checked={selected?.has(row.id as number) ?? false}
              table={parts}
              layout={layout}
              selectable={onSelect !== undefined}
              {...stable}
            />
          ) : null;
        })}
      </div>
      {rows.length === 0 && <div className="hc-table-note">{noteOf(props)}</div>}
      {rows.length > 0 && <Totals table={props} layout={layout} />}
    </div>
  );
}
