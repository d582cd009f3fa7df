/** 矩阵录入 The dialog in which a family's quantities are entered; it opens with what the lines hold of it. */
import { useMemo, useState } from "react";
import { Input, Modal, Result, Segmented, Spin } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import { messageOf } from "../../api/client";
import type { Matrix } from "../../api/shapes";
import { type PickContext, kindOf } from "../../fields";
import { formatDecimal, readDecimal } from "../../meta/numbers";
import type { FieldMeta } from "../../meta/types";
import { isRef } from "../../meta/values";
import type { Line, LineSetup } from "../record/lines";
import { MatrixTable } from "./MatrixTable";
import { type MatrixItem, amountOf, heldBy, layoutOf, linesAfter, priceField } from "./matrix";

type Change = (lines: Line[]) => Line[];

interface FamilyProps {
  matrix: Matrix;
  setup: LineSetup;
  lines: Line[];
  /** Which column of prices the goods of this document have, by the field they fill. */
  onDone: (change: Change | null) => void;
  picker: React.ReactNode;
}

interface BetweenProps {
  axes: Matrix["axes"];
  chosen: readonly number[];
  onChoose: (index: number, id: number) => void;
}

function Between({ axes, chosen, onChoose }: BetweenProps) {
  return axes.map((axis, index) => (
    <div key={axis.at} className="hc-matrix-between">
      <span className="hc-dim">{axis.label}</span>
      <Segmented
        size="small"
        value={chosen[index] ?? 0}
        options={axis.values.map((value) => ({ value: value.id, label: value.label }))}
        onChange={(id) => onChoose(index, id)}
      />
    </div>
  ));
}

/** What the price of an item would be if nobody typed one. */
function usualOf(setup: LineSetup): (item: MatrixItem | undefined) => string {
  const key = setup.fields.find((field) => field.ref === "items")?.fills.unit_price_net;
  return (item) => (setup.basis === "net" && key ? formatDecimal(item?.[key], 2, 6) : "");
}

/** Texts by item, prices by row and what lies between, for all of them. */
function useEntries(matrix: Matrix, setup: LineSetup, lines: readonly Line[]) {
  const layout = useMemo(() => layoutOf(matrix), [matrix]);
  const [texts, setTexts] = useState<Record<number, string>>(() => heldBy(lines, matrix, setup.fields));
  const [prices, setPrices] = useState<Record<string, string>>({});
  const [price, setPrice] = useState("");
  const [chosen, setChosen] = useState<number[]>(() =>
    layout.between.map(({ values }) => values[0]?.id ?? 0),
  );
  const rowKey = (row: number, between: readonly number[]) => [row, ...between].join("/");
  const priceOf = (item: MatrixItem) =>
    prices[rowKey(item.variants[0] ?? 0, item.variants.slice(1, -1))]?.trim() || price;
  const fine =
    Object.values(texts).every((text) => amountOf(text) !== null) &&
    [price, ...Object.values(prices)].every((text) => text.trim() === "" || readDecimal(text) !== null);
  const ofRows = Object.fromEntries(layout.rows.map((row) => [row.id, prices[rowKey(row.id, chosen)] ?? ""]));
  return {
    ...{ layout, texts, chosen, price, setPrice, priceOf, fine, prices: ofRows },
    onTexts: (more: Record<number, string>) => setTexts((before) => ({ ...before, ...more })),
    onPrice: (row: number, text: string) =>
      setPrices((before) => ({ ...before, [rowKey(row, chosen)]: text })),
    onChoose: (index: number, id: number) =>
      setChosen((before) => before.map((held, at) => (at === index ? id : held))),
  };
}

function FamilyMatrix({ matrix, setup, lines, onDone, picker }: FamilyProps) {
  const { t } = useTranslation();
  const entries = useEntries(matrix, setup, lines);
  const { layout, texts, chosen, priceOf, fine } = entries;
  const priced = priceField(setup);
  const usual = usualOf(setup);
  const confirm = () =>
    fine && onDone((now) => linesAfter(now, matrix, { quantities: texts, priceOf }, setup));
  return (
    <Modal
      open
      title={`${t("matrix.title")} ${matrix.family.code} ${matrix.family.label}`}
      className="hc-matrix-dialog"
      width={Math.min(1180, 420 + layout.columns.length * 84)}
      okText={`${t("matrix.confirm")} Ctrl+Enter`}
      cancelText={t("record.cancel")}
      okButtonProps={{ disabled: !fine }}
      onOk={confirm}
      onCancel={() => onDone(null)}
    >
      <div className="hc-matrix-bar">
        {picker}
        <Between axes={layout.between} chosen={chosen} onChoose={entries.onChoose} />
        {priced && (
          <label className="hc-matrix-price">
            <span className="hc-dim">{t("matrix.one_price", { label: priced.label })}</span>
            <Input
              size="small"
              inputMode="decimal"
              className="hc-number-input"
              placeholder={t("matrix.usual")}
              value={entries.price}
              onChange={(event) => entries.setPrice(event.target.value)}
            />
          </label>
        )}
      </div>
      {matrix.items.length === 0 ? (
        <Result status="info" title={t("matrix.no_items")} />
      ) : (
        <MatrixTable
          {...{ layout, chosen, texts }}
          key={chosen.join("/")}
          onTexts={entries.onTexts}
          prices={priced ? entries.prices : null}
          usualPrice={(item) => entries.price || usual(item)}
          onPrice={entries.onPrice}
          onConfirm={confirm}
        />
      )}
      <p className="hc-dim hc-matrix-note">{t("matrix.explain")}</p>
    </Modal>
  );
}

export interface Asked {
  /** The family to open with; null to choose one. */
  family: number | null;
  lines: Line[];
}

interface MatrixDialogProps {
  collection: string;
  asked: Asked;
  setup: LineSetup;
  context: PickContext;
  onDone: (change: Change | null) => void;
}

const familyField = (collection: string, label: string): FieldMeta => ({
  ...{ name: "family", label, kind: "ref", ref: collection, required: true, readonly: false, width: null },
  ...{ group: null, help: null, default: null, choices: [], scale: null, total: false, drill: null },
  ...{ max_length: null, fills: {}, inherits: null, sortable: false, later: false, when: {} },
});

export function MatrixDialog({ collection, asked, setup, context, onDone }: MatrixDialogProps) {
  const { t } = useTranslation();
  const [family, setFamily] = useState(asked.family);
  const { party, place, documentType } = context;
  const { data, error } = useQuery({
    queryKey: ["matrix", collection, family, party, place, documentType],
    queryFn: () => calls.matrix(collection, family ?? 0, { party, place, document_type: documentType }),
    enabled: family !== null,
    gcTime: 0,
  });
  const field = familyField(collection, t("matrix.family"));
  const { Input: FamilyInput } = kindOf("ref");
  const picker = (
    <label className="hc-matrix-family">
      <span className="hc-dim">{field.label}</span>
      <FamilyInput
        id="matrix-family"
        field={field}
        value={data ? { ...data.family } : null}
        onChange={(value) => isRef(value) && setFamily(value.id)}
        row={{}}
        context={context}
        invalid={false}
      />
    </label>
  );
  if (data)
    return (
      <FamilyMatrix key={data.family.id} matrix={data} {...{ setup, picker, onDone }} lines={asked.lines} />
    );
  return (
    <Modal
      open
      title={t("matrix.title")}
      footer={null}
      onCancel={() => onDone(null)}
      afterOpenChange={(open) => open && document.getElementById("matrix-family")?.focus()}
    >
      {picker}
      {family !== null && !error && <Spin className="hc-loading" />}
      {error && <Result status="warning" title={messageOf(error, t("error.network"))} />}
    </Modal>
  );
}
