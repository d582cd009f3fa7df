/** 单据明细 The line grid: typed into like a sheet, drawn from the declared fields, fluid with hundreds of lines. */
import { type RefObject, memo, useEffect, useMemo, useReducer, useRef, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { type VirtualItem, useVirtualizer } from "@tanstack/react-virtual";
import { Button, Tooltip } from "antd";
import {
  CopyOutlined,
  DeleteOutlined,
  InsertRowBelowOutlined,
  RedoOutlined,
  UndoOutlined,
} from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { kindOf, type PickContext } from "../../fields";
import type { Basis } from "../../meta/amounts";
import { formatDecimal, sum } from "../../meta/numbers";
import type { FieldMeta } from "../../meta/types";
import { serialsOf } from "../../meta/serials";
import { type Values, sameValue } from "../../meta/values";
import type { Line } from "../record/lines";
import { ColumnPanel } from "../table/ColumnPanel";
import { chooseColumns, useColumnSettings } from "../table/columnSettings";
import { type Columns, NUMBER_WIDTH, measure, useColumns } from "./columns";
import { GridControl, type GridProps } from "./GridControl";
import { GridInput } from "./GridInput";
import { GridRow, ROW_HEIGHT } from "./GridRow";
import { LineEditor, type LinesSetup, contextOf } from "./LineEditor";
import { LineInfo } from "./LineInfo";
import type { LinesControl } from "./LinesControl";
import { LotTool } from "./LotTool";
import { MatrixTool, useMatrix } from "./MatrixTool";
import { rangeOf } from "./navigation";
import { oneMore, useBarcodes, usePageScanner } from "./useScanner";

export interface LineGridProps {
  name: string;
  label: string;
  fields: readonly FieldMeta[];
  lines: Line[];
  onChange: (lines: Line[]) => void;
  readOnly: boolean;
  basis: Basis;
  /** What a line has of the header where it holds nothing, by field. */
  inherited: Values;
  today: string;
  context: PickContext;
  /** By line key, then field: why the server refused it. */
  errors: Record<string, Record<string, string>>;
  /** Under which the user's choice of columns is kept. */
  settingsKey: string;
  /** How many lines the table takes; 0 for any number. */
  most: number;
  /** Lines shown at least while editing. */
  least: number;
  /** Filled with the control, so that the form can send the cursor to a marked cell. */
  controlRef?: RefObject<LinesControl | null>;
}

const HEAD_HEIGHT = 30;

/** The line editor and the control, made once, fed with every new set of properties. */
function useControl(
  props: LineGridProps,
  shown: readonly FieldMeta[],
  openRef: RefObject<((family: number) => void) | null>,
): GridControl {
  const client = useQueryClient();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const control = useRef<GridControl | null>(null);
  const { fields, lines, onChange, basis, today, context, readOnly } = props;
  const { most, least } = props;
  const setup: LinesSetup = { fields, lines, onChange, basis, today, context, readOnly, most, least };

  const onScan = useBarcodes(props, (item, quantity, option) => {
    const row = control.current?.editor.scan(item, quantity, option, oneMore);
    if (row !== undefined) control.current?.show(row, quantity.name);
  });
  const onFamily = (family: number) => openRef.current?.(family);
  const { inherited } = props;
  const gridProps: GridProps = { fields: shown, readOnly, basis, inherited, onScan, onFamily };
  control.current ??= new GridControl(new LineEditor(setup, client), gridProps, redraw);
  control.current.editor.sync(setup);
  control.current.sync(gridProps);
  useEffect(() => {
    if (props.controlRef) props.controlRef.current = control.current;
  });
  return control.current;
}

/** Mouse: a click goes to the cell, a drag or Shift selects a range, the row number selects its line. */
function useMouse(control: GridControl) {
  const locate = (target: EventTarget): { row: number; col: number } | null => {
    const cell = target instanceof Element ? target.closest<HTMLElement>("[data-col]") : null;
    return cell ? { row: Number(cell.dataset.row), col: Number(cell.dataset.col) } : null;
  };
  const [down, setDown] = useState(false);
  return {
    onMouseDown: (event: React.MouseEvent) => {
      if (event.target instanceof Element && event.target.closest("a, input")) return;
      const position = locate(event.target);
      const head =
        event.target instanceof Element ? event.target.closest<HTMLElement>("[data-row-head]") : null;
      if (!position && !head) return;
      event.preventDefault();
      control.commit();
      if (position) control.dispatch({ type: "goto", position, extend: event.shiftKey });
      else if (head)
        control.dispatch({
          type: "rows",
          from: Number(head.dataset.rowHead),
          to: Number(head.dataset.rowHead),
        });
      control.focus();
      setDown(true);
    },
    onMouseMove: (event: React.MouseEvent) => {
      if (!down || event.buttons !== 1 || control.cursor.editing) return;
      const position = locate(event.target);
      const { active } = control.cursor;
      if (position && (position.row !== active?.row || position.col !== active.col)) {
        control.dispatch({ type: "goto", position, extend: true });
      }
    },
    onMouseUp: () => setDown(false),
  };
}

interface GridHeadProps {
  fields: readonly FieldMeta[];
  columns: Columns;
  readOnly: boolean;
}

function GridHead({ fields, columns, readOnly }: GridHeadProps) {
  return (
    <div role="row" className="hc-grid-head" style={{ width: columns.total, height: HEAD_HEIGHT }}>
      <div role="columnheader" className="hc-cell hc-row-number" style={{ width: NUMBER_WIDTH }}>
        #
      </div>
      {fields.map((field, col) => (
        <div
          key={field.name}
          role="columnheader"
          className={`hc-cell hc-${kindOf(field.kind).align}${col === 0 ? " hc-sticky-first" : ""}`}
          style={{ width: columns.widths[col], left: col === 0 ? NUMBER_WIDTH : undefined }}
          title={field.help ?? field.label}
        >
          {field.label}
          {field.required && !field.readonly && !readOnly && <i className="hc-required">*</i>}
        </div>
      ))}
    </div>
  );
}

interface GridFootProps {
  fields: readonly FieldMeta[];
  columns: Columns;
  lines: Line[];
}

const isFilled = (line: Line, fields: readonly FieldMeta[]): boolean =>
  line.id !== null || fields.some((field) => field.required && line.values[field.name]);

function GridFootView({ fields, columns, lines }: GridFootProps) {
  const { t } = useTranslation();
  const total = (field: FieldMeta) =>
    formatDecimal(
      sum(lines.map((line) => line.values[field.name])).toString(),
      field.kind === "money" ? 2 : 0,
      6,
    );
  return (
    <div role="row" className="hc-grid-foot" style={{ width: columns.total, height: HEAD_HEIGHT }}>
      <div className="hc-cell hc-row-number" style={{ width: NUMBER_WIDTH }}>
        {lines.filter((line) => isFilled(line, fields)).length}
      </div>
      {fields.map((field, col) => (
        <div
          key={field.name}
          className={`hc-cell hc-${kindOf(field.kind).align}${col === 0 ? " hc-sticky-first" : ""}`}
          style={{ width: columns.widths[col], left: col === 0 ? NUMBER_WIDTH : undefined }}
          data-testid={field.total ? `sum-${field.name}` : undefined}
        >
          {field.total && <span className="hc-num">{total(field)}</span>}
          {col === 0 && <span>{t("grid.total")}</span>}
        </div>
      ))}
    </div>
  );
}

const GridFoot = memo(GridFootView);

/** The columns the user chose, and those that hold a mark, since a mark must be seen. */
function useShownFields({ settingsKey, fields, errors, lines }: LineGridProps) {
  const names = useMemo(() => fields.map(({ name }) => name), [fields]);
  const settings = useColumnSettings(settingsKey, names);
  const shown = useMemo(() => {
    const chosen = chooseColumns(fields, settings.columns);
    const isMarked = ({ name }: FieldMeta) =>
      Object.values(errors).some((marks) => name in marks) ||
      lines.some(({ unresolved }) => name in unresolved);
    return [...chosen, ...fields.filter((field) => !chosen.includes(field) && isMarked(field))];
  }, [errors, fields, lines, settings.columns]);
  return { shown, settings };
}

function GridTools({ control }: { control: GridControl }) {
  const { t } = useTranslation();
  const range = rangeOf(control.cursor);
  const tools = [
    [
      "grid.insert",
      <InsertRowBelowOutlined key="i" />,
      () => control.editor.insert((range?.bottom ?? -1) + 1),
    ],
    ["grid.copy", <CopyOutlined key="c" />, () => range && control.editor.copy(range.top, range.bottom)],
    [
      "grid.delete",
      <DeleteOutlined key="d" />,
      () => range && control.editor.remove(range.top, range.bottom),
    ],
    ["grid.undo", <UndoOutlined key="u" />, () => control.editor.undo()],
    ["grid.redo", <RedoOutlined key="r" />, () => control.editor.redo()],
  ] as const;
  return (
    <div className="hc-grid-tools">
      {tools.map(([key, icon, action]) => (
        <Tooltip key={key} title={t(key)} mouseEnterDelay={0.6}>
          <Button
            type="text"
            size="small"
            tabIndex={-1}
            icon={icon}
            aria-label={t(key)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => {
              action();
              control.dispatch({ type: "stop" });
            }}
          />
        </Tooltip>
      ))}
    </div>
  );
}

/** The list under the cell that is edited. */
function GridPicker({ control, context }: { control: GridControl; context: PickContext }) {
  const { field, line } = control;
  const Picker = field ? kindOf(field.kind).grid.Picker : undefined;
  const anchor = control.input?.getBoundingClientRect();
  if (!control.cursor.editing || !Picker || !field || !line || !anchor) return null;
  return (
    <Picker
      key={`${line.key}.${field.name}`}
      field={field}
      text={control.wanted}
      current={line.values[field.name]}
      row={line.values}
      context={context}
      anchor={anchor}
      onPick={control.pick}
      onNothing={control.nothing}
      handle={(handle) => {
        control.picker = handle;
      }}
    />
  );
}

/** The dialog of the cell whose value is entered in one. */
function GridDialog({
  control,
  fields,
  context,
}: { control: GridControl } & Pick<LineGridProps, "fields" | "context">) {
  const { dialog } = control;
  const line = dialog && control.editor.lines.find(({ key }) => key === dialog.key);
  const Dialog = dialog ? kindOf(dialog.field.kind).grid.Dialog : undefined;
  if (!dialog || !line || !Dialog) return null;
  const { name } = dialog.field;
  const others = control.editor.lines
    .filter((other) => other !== line && sameValue(other.values.item, line.values.item))
    .flatMap((other) => serialsOf(other.values[name]));
  return (
    <Dialog
      field={dialog.field}
      value={line.values[name]}
      row={line.values}
      context={contextOf(line, fields, context)}
      others={others}
      initial={dialog.initial}
      onDone={control.closeDialog}
    />
  );
}

/** Keeps the active cell in view, both ways. */
function useFollow(
  control: GridControl,
  columns: Columns,
  scroll: RefObject<HTMLDivElement | null>,
  toRow: (row: number) => void,
) {
  const { active } = control.cursor;
  useEffect(() => {
    const node = scroll.current;
    if (!active || !node || !control.focused) return;
    toRow(active.row);
    const left = columns.lefts[active.col] ?? 0;
    const width = columns.widths[active.col] ?? 0;
    const pinned = NUMBER_WIDTH + (columns.widths[0] ?? 0);
    if (active.col === 0) node.scrollLeft = 0;
    else if (left - node.scrollLeft < pinned) node.scrollLeft = left - pinned;
    else if (left + width - node.scrollLeft > node.clientWidth)
      node.scrollLeft = left + width - node.clientWidth + 8;
    // The columns are read when the cursor moves, not when they change.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [active?.row, active?.col]);
}

function ActiveInput({ control, columns, label }: { control: GridControl; columns: Columns; label: string }) {
  const { active, editing } = control.cursor;
  const { field } = control;
  const kind = field ? kindOf(field.kind) : null;
  return (
    <GridInput
      inputRef={{
        get current() {
          return control.input;
        },
        set current(node) {
          control.input = node;
        },
      }}
      label={active && field ? `${label} ${active.row + 1} ${field.label}` : label}
      left={active ? (columns.lefts[active.col] ?? 0) : 0}
      top={active ? active.row * ROW_HEIGHT : 0}
      width={active ? (columns.widths[active.col] ?? 0) : 1}
      height={ROW_HEIGHT}
      align={kind?.align ?? "left"}
      numeric={kind?.align === "right"}
      editing={editing}
      onKeyDown={control.onKeyDown}
      onInput={control.onInput}
      onCompositionStart={control.onCompositionStart}
      onCompositionEnd={control.onInput}
      onBlur={control.onBlur}
      onFocus={control.onFocus}
      onCopy={control.onCopy}
      onCut={control.onCut}
      onPaste={control.onPaste}
    />
  );
}

interface GridRowsProps extends Pick<LineGridProps, "fields" | "errors" | "readOnly" | "inherited"> {
  control: GridControl;
  columns: Columns;
  items: readonly VirtualItem[];
}

/** The rows that are in view. */
function GridRows({ control, columns, items, fields, errors, readOnly, inherited }: GridRowsProps) {
  const range = rangeOf(control.cursor);
  const { active } = control.cursor;
  return items.map(({ index, start }) => {
    const line = control.editor.lines[index];
    if (!line) return null;
    const within = range !== null && index >= range.top && index <= range.bottom;
    return (
      <GridRow
        key={line.key}
        line={line}
        index={index}
        top={start - HEAD_HEIGHT}
        fields={fields}
        columns={columns}
        activeCol={active?.row === index ? active.col : -1}
        rangeLeft={within ? range.left : -1}
        rangeRight={within ? range.right : -2}
        errors={errors[line.key]}
        inherited={inherited}
        readOnly={readOnly}
        onDelete={control.removeRow}
      />
    );
  });
}

/** Why the cell at hand is marked, if it is. */
function problemAt(
  { line, field }: GridControl,
  errors: LineGridProps["errors"],
  t: (key: string, values: { text: string }) => string,
): string | undefined {
  if (!line || !field) return undefined;
  const pending = line.unresolved[field.name];
  return pending ? t(pending.reason, { text: pending.text }) : errors[line.key]?.[field.name];
}

/** What the columns of numbers need: the numbers in them, and the sums below. */
function useNeeds(fields: readonly FieldMeta[], lines: readonly Line[]): number[] {
  return useMemo(
    () =>
      measure(fields, (name) => {
        const values = lines.map((line) => line.values[name]);
        return fields.some((field) => field.name === name && field.total)
          ? [sum(values).toString(), ...values]
          : values;
      }),
    [fields, lines],
  );
}

/** Which rows are in view, between the head and the sums that stay. */
function useRows(count: number, scroll: RefObject<HTMLDivElement | null>) {
  return useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    scrollMargin: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
    scrollPaddingEnd: HEAD_HEIGHT,
    initialRect: { width: 1000, height: 600 },
  });
}

interface GridBarProps extends LineGridProps {
  control: GridControl;
  settings: ReturnType<typeof useColumnSettings>;
  lineContext: PickContext;
  openRef: RefObject<((family: number) => void) | null>;
}

/** What stands above the lines: the line at hand, the tools, the choice of columns. */
function GridBar({ control, settings, lineContext, openRef, ...props }: GridBarProps) {
  const { t } = useTranslation();
  const matrix = useMatrix(props.fields, props.context);
  const { label, readOnly, errors, context } = props;
  return (
    <div className="hc-grid-bar">
      <LineInfo
        line={control.line}
        context={lineContext}
        problem={problemAt(control, errors, t)}
        title={label}
      />
      {!readOnly && (
        <LotTool
          setup={props}
          context={context}
          linesNow={control.linesNow}
          onShared={control.replaceLines}
        />
      )}
      {!readOnly && matrix && (
        <MatrixTool
          collection={matrix}
          setup={props}
          context={context}
          openRef={openRef}
          linesNow={control.linesNow}
          atHand={control.atHand}
          onLines={control.replaceLines}
          onClosed={() => setTimeout(() => control.focus())}
        />
      )}
      {!readOnly && <GridTools control={control} />}
      <ColumnPanel
        compact
        fields={props.fields}
        columns={settings.columns}
        onChange={settings.setColumns}
        onReset={settings.reset}
      />
    </div>
  );
}

export function LineGrid(props: LineGridProps) {
  const { name, label, readOnly, errors, context, inherited } = props;
  const { shown: fields, settings } = useShownFields(props);
  const openRef = useRef<((family: number) => void) | null>(null);
  const control = useControl(props, fields, openRef);
  const scroll = useRef<HTMLDivElement>(null);
  const columns = useColumns(fields, scroll, useNeeds(fields, control.editor.lines));
  const mouse = useMouse(control);
  const lines = control.editor.lines;
  const virtual = useRows(lines.length, scroll);
  useFollow(control, columns, scroll, (row) => virtual.scrollToIndex(row, { align: "auto" }));
  usePageScanner((barcode) => void control.scanFromPage(barcode), !readOnly);
  const lineContext = contextOf(control.line, props.fields, context);
  return (
    <section className={control.focused ? "hc-grid hc-grid-focused" : "hc-grid"} data-testid={`grid-${name}`}>
      <GridBar {...{ control, settings, lineContext, openRef }} {...props} />
      <div
        className="hc-grid-scroll"
        ref={scroll}
        {...mouse}
        onDoubleClick={() => !control.cursor.editing && control.onDoubleClick()}
      >
        <div
          role="grid"
          aria-label={label}
          aria-rowcount={lines.length + 1}
          aria-colcount={fields.length + 1}
          style={{ width: columns.total }}
        >
          <GridHead fields={fields} columns={columns} readOnly={readOnly} />
          <div
            role="rowgroup"
            className="hc-grid-body"
            style={{ height: virtual.getTotalSize(), width: columns.total }}
          >
            <GridRows
              control={control}
              columns={columns}
              items={virtual.getVirtualItems()}
              {...{ fields, errors, readOnly, inherited }}
            />
            <ActiveInput control={control} columns={columns} label={label} />
          </div>
          {fields.some((field) => field.total) && (
            <GridFoot fields={fields} columns={columns} lines={lines} />
          )}
        </div>
      </div>
      <GridPicker control={control} context={lineContext} />
      <GridDialog control={control} fields={props.fields} context={context} />
    </section>
  );
}
