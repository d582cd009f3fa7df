/** 卡片列表 A list on a telephone: a card for each row, with the same columns and nothing to scroll sideways. */
import { type ReactNode, memo, useEffect, useRef } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import type { JsonObject } from "../../api/json";
import { kindOf } from "../../fields";
import { AlertTags } from "../../fields/AlertTags";
import { alertsOf } from "../../meta/alerts";
import type { FieldMeta } from "../../meta/types";
import { isEmpty } from "../../meta/values";
import type { TableProps } from "./DataTable";

const CARD_HEIGHT = 88;
const NEAR_END_ROWS = 12;
const ALERTS_ON_CARD = 3;

interface Parts {
  titles: FieldMeta[];
  mark: FieldMeta | undefined;
  amount: FieldMeta | undefined;
  rest: FieldMeta[];
}

/** What stands where: the first words on top, the state and the last amount at the right, the rest below. */
function partsOf(fields: readonly FieldMeta[]): Parts {
  const words = fields[1]?.kind === "text" ? 2 : 1;
  const [titles, others] = [fields.slice(0, words), fields.slice(words)];
  const mark = others.find(({ choices }) => choices.some(({ tone }) => tone !== null));
  const amount = others.findLast(({ kind }) => kind === "money");
  return { titles, mark, amount, rest: others.filter((field) => field !== mark && field !== amount) };
}

function Value({ field, row }: { field: FieldMeta | undefined; row: JsonObject }) {
  if (!field || isEmpty(row[field.name])) return null;
  const kind = kindOf(field.kind);
  return <kind.Cell field={field} value={row[field.name]} />;
}

interface CardProps {
  row: JsonObject;
  fields: readonly FieldMeta[];
  onOpen: ((row: JsonObject) => void) | undefined;
  onAlert: ((path: string) => void) | undefined;
}

function CardView({ row, fields, onOpen, onAlert }: CardProps) {
  const { titles, mark, amount, rest } = partsOf(fields);
  return (
    <button
      type="button"
      className="hc-row-card"
      data-testid={typeof row.id === "number" ? `row-${row.id}` : undefined}
      onClick={() => onOpen?.(row)}
    >
      <span className="hc-row-card-head">
        <b>
          {titles.map((field) => (
            <span key={field.name}>
              <Value field={field} row={row} />
            </span>
          ))}
        </b>
        <Value field={mark} row={row} />
      </span>
      <AlertTags alerts={alertsOf(row)} most={ALERTS_ON_CARD} {...(onAlert && { onOpen: onAlert })} />
      <span className="hc-row-card-body">
        <span className="hc-row-card-rest">
          {rest
            .filter((field) => !isEmpty(row[field.name]))
            .map((field) => (
              <span key={field.name}>
                {(field.kind === "quantity" || field.kind === "price" || field.kind === "boolean") && (
                  <span className="hc-dim">{field.label} </span>
                )}
                <Value field={field} row={row} />
              </span>
            ))}
        </span>
        <span className="hc-row-card-amount">
          <Value field={amount} row={row} />
        </span>
      </span>
    </button>
  );
}

const Card = memo(CardView);

export function CardList({ table, note }: { table: TableProps; note: ReactNode }) {
  const { label, rows, fields, onOpen, onNearEnd, onAlert } = table;
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => CARD_HEIGHT,
    overscan: 6,
    initialRect: { width: 390, height: 600 },
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && lastShown >= rows.length - NEAR_END_ROWS) onNearEnd?.();
  }, [lastShown, onNearEnd, rows.length]);
  return (
    <div className="hc-cards" ref={scroll} role="list" aria-label={label}>
      <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {items.map(({ index, start }) => {
          const row = rows[index];
          return row ? (
            <div
              key={index}
              role="listitem"
              data-index={index}
              ref={virtual.measureElement}
              className="hc-card-slot"
              style={{ transform: `translateY(${start}px)` }}
            >
              <Card row={row} fields={fields} onOpen={onOpen} onAlert={onAlert} />
            </div>
          ) : null;
        })}
      </div>
      {rows.length === 0 && <div className="hc-table-note">{note}</div>}
    </div>
  );
}
