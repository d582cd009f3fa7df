/** One line of the grid; drawn again only when its line, its marks or the cursor in it change. */
import { memo } from "react";
import { CloseOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { kindOf } from "../../fields";
import type { FieldMeta } from "../../meta/types";
import type { Values } from "../../meta/values";
import { isInherited, shownValue } from "../record/inherit";
import type { Line } from "../record/lines";
import { type Columns, NUMBER_WIDTH } from "./columns";

export const ROW_HEIGHT = 30;

interface GridRowProps {
  line: Line;
  index: number;
  top: number;
  fields: readonly FieldMeta[];
  columns: Columns;
  activeCol: number;
  rangeLeft: number;
  rangeRight: number;
  errors: Record<string, string> | undefined;
  inherited: Values;
  readOnly: boolean;
  onDelete: (index: number) => void;
}

interface CellViewProps {
  line: Line;
  field: FieldMeta;
  index: number;
  col: number;
  columns: Columns;
  active: boolean;
  selected: boolean;
  error: string | undefined;
  inherited: Values;
}

function CellView(props: CellViewProps) {
  const { line, field, index, col, columns, active, selected, error, inherited } = props;
  const { t } = useTranslation();
  const kind = kindOf(field.kind);
  const pending = line.unresolved[field.name];
  const reason = pending ? t(pending.reason, { text: pending.text }) : error;
  const follows = isInherited(line, field.name, inherited);
  const classes = ["hc-cell", `hc-${kind.align}`];
  if (follows) classes.push("hc-inherited");
  if (active) classes.push("hc-active");
  if (selected) classes.push("hc-selected");
  if (field.readonly) classes.push("hc-cell-readonly");
  if (reason) classes.push("hc-cell-error");
  if (col === 0) classes.push("hc-sticky-first");
  return (
    <div
      role="gridcell"
      className={classes.join(" ")}
      style={{ width: columns.widths[col], left: col === 0 ? NUMBER_WIDTH : undefined }}
      data-row={index}
      data-col={col}
      data-testid={`cell-${index}-${field.name}`}
      aria-colindex={col + 2}
      aria-selected={selected}
      aria-readonly={field.readonly}
      aria-invalid={reason !== undefined}
      title={reason ?? (follows ? t("grid.inherited") : undefined)}
    >
      {pending ? (
        <span className="hc-pending">{pending.text}</span>
      ) : (
        <kind.Cell field={field} value={shownValue(line, field.name, inherited)} row={line.values} />
      )}
    </div>
  );
}

function GridRowView(props: GridRowProps) {
  const { line, index, top, fields, columns, activeCol, rangeLeft, rangeRight, errors, inherited } = props;
  const { readOnly, onDelete } = props;
  const { t } = useTranslation();
  return (
    <div
      role="row"
      className="hc-grid-row"
      aria-rowindex={index + 2}
      style={{ transform: `translateY(${top}px)`, height: ROW_HEIGHT, width: columns.total }}
    >
      <div
        role="rowheader"
        className="hc-cell hc-row-number"
        style={{ width: NUMBER_WIDTH }}
        data-row-head={index}
      >
        <span>{index + 1}</span>
        {!readOnly && (
          <button
            type="button"
            tabIndex={-1}
            className="hc-row-delete"
            aria-label={t("grid.delete_line", { number: index + 1 })}
            onMouseDown={(event) => {
              event.preventDefault();
              event.stopPropagation();
              onDelete(index);
            }}
          >
            <CloseOutlined />
          </button>
        )}
      </div>
      {fields.map((field, col) => (
        <CellView
          key={field.name}
          line={line}
          field={field}
          index={index}
          col={col}
          columns={columns}
          active={col === activeCol}
          selected={col >= rangeLeft && col <= rangeRight}
          error={errors?.[field.name]}
          inherited={inherited}
        />
      ))}
    </div>
  );
}

export const GridRow = memo(GridRowView);
