/**
 * The serial numbers of one line: typed, pasted or scanned one a line, run on from a first one, or picked from what is
 * in stock where the goods go out. What is wrong is told below; Ctrl+Enter takes them over.
 */
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Input, InputNumber, Modal, Select } from "antd";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { useTranslation } from "react-i18next";
import * as calls from "../api/calls";
import { useMeta } from "../meta/context";
import { readSerials, repeatedSerials, runningSerials, serialsOf } from "../meta/serials";
import { isRef, textOf } from "../meta/values";
import type { DialogProps } from "./types";

const SHOWN = 12;

/** The pieces at the place the goods leave; null where they come in, or while that is not known. */
function useInStock({ field, row, context }: DialogProps): string[] | null {
  const meta = useMeta();
  const record = context.documentType === null ? undefined : meta.documents[context.documentType];
  const table = record?.lines.find((lines) => lines.fields.includes(field)) ?? record?.lines[0];
  const item = isRef(row.item) ? row.item.id : null;
  const own = isRef(row.source_place) ? row.source_place.id : null;
  const place = own ?? context.place;
  const { data } = useQuery({
    queryKey: ["serials_in_stock", record?.collection, item, place],
    queryFn: () => calls.serialsInStock(record?.collection ?? "", item ?? 0, place ?? 0),
    enabled:
      record !== undefined && table?.outward === true && !field.readonly && item !== null && place !== null,
    staleTime: 10_000,
  });
  return data ?? null;
}

function Running({ onAdd }: { onAdd: (numbers: string[]) => void }) {
  const { t } = useTranslation();
  const [first, setFirst] = useState("");
  const [count, setCount] = useState(1);
  const add = () => {
    const numbers = runningSerials(first, count);
    if (numbers.length > 0) onAdd(numbers);
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.ctrlKey) return;
    event.preventDefault();
    add();
  };
  return (
    <div className="hc-serials-run">
      <Input
        aria-label={t("serials.first")}
        placeholder={t("serials.first")}
        value={first}
        onChange={(event) => setFirst(event.target.value)}
        onKeyDown={pressed}
      />
      <InputNumber
        aria-label={t("serials.how_many")}
        min={1}
        max={10_000}
        value={count}
        onChange={(value) => setCount(value ?? 1)}
        onKeyDown={pressed}
      />
      <Button onClick={add} disabled={runningSerials(first, 1).length === 0}>
        {t("serials.run")}
      </Button>
    </div>
  );
}

function some(numbers: readonly string[]): string {
  return numbers.slice(0, SHOWN).join("、") + (numbers.length > SHOWN ? ` … (${numbers.length})` : "");
}

interface InStockProps {
  stock: string[];
  numbers: string[];
  onAdd: (numbers: string[]) => void;
  onRemove: (number: string) => void;
}

function InStock({ stock, numbers, onAdd, onRemove }: InStockProps) {
  const { t } = useTranslation();
  const label = t("serials.pick", { count: stock.length });
  const known = useMemo(() => new Set(stock), [stock]);
  return (
    <Select
      className="hc-fill"
      mode="multiple"
      maxTagCount={0}
      maxTagPlaceholder={label}
      placeholder={label}
      aria-label={label}
      value={numbers.filter((number) => known.has(number))}
      options={stock.map((number) => ({ value: number, label: number }))}
      onSelect={(number: string) => onAdd([number])}
      onDeselect={onRemove}
    />
  );
}

function Problems({ repeated, unknown }: { repeated: string[]; unknown: string[] }) {
  const { t } = useTranslation();
  return (
    <>
      {repeated.length > 0 && (
        <Alert type="error" title={t("serials.repeated", { numbers: some(repeated) })} />
      )}
      {unknown.length > 0 && (
        <Alert type="warning" title={t("serials.unknown", { numbers: some(unknown) })} />
      )}
    </>
  );
}

export function SerialsDialog(props: DialogProps) {
  const { field, value, row, others, initial, onDone } = props;
  const { t } = useTranslation();
  const area = useRef<TextAreaRef>(null);
  const [text, setText] = useState(() => [...serialsOf(value), ...readSerials(initial)].join("\n"));
  const numbers = useMemo(() => readSerials(text), [text]);
  const stock = useInStock(props);
  const repeated = useMemo(() => repeatedSerials(numbers, new Set(others)), [numbers, others]);
  const unknown = useMemo(() => {
    const known = new Set(stock);
    return stock === null ? [] : numbers.filter((number) => !known.has(number));
  }, [numbers, stock]);
  const add = (more: readonly string[]) => setText((now) => [...readSerials(now), ...more].join("\n") + "\n");
  const remove = (gone: string) =>
    setText((now) =>
      readSerials(now)
        .filter((number) => number !== gone)
        .join("\n"),
    );
  const wanted = textOf(row.quantity);
  return (
    <Modal
      open
      width={560}
      title={`${field.label} · ${textOf(row.item)}`}
      okText={t("serials.take")}
      cancelText={t("record.cancel")}
      okButtonProps={{ disabled: field.readonly }}
      onOk={() => onDone(numbers)}
      onCancel={() => onDone(null)}
      afterOpenChange={(open) => {
        if (open) area.current?.focus({ cursor: "end" });
      }}
    >
      <div
        className="hc-serials"
        data-testid="serials-dialog"
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !field.readonly) onDone(numbers);
        }}
      >
        <Input.TextArea
          ref={area}
          aria-label={field.label}
          rows={9}
          readOnly={field.readonly}
          placeholder={t("serials.hint")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="hc-dim" role="status">
          {wanted === ""
            ? t("serials.count", { count: numbers.length })
            : t("serials.of", { count: numbers.length, wanted })}
        </div>
        {!field.readonly && <Running onAdd={add} />}
        {stock !== null && <InStock stock={stock} numbers={numbers} onAdd={add} onRemove={remove} />}
        <Problems repeated={repeated} unknown={unknown} />
      </div>
    </Modal>
  );
}
