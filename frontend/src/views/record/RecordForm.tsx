/** Head and lines of a record together: what a document and a master have in common on screen. */
import { createRef, useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Alert, Button } from "antd";
import type { PickContext } from "../../fields";
import type { Basis } from "../../meta/amounts";
import { useMeta } from "../../meta/context";
import type { RecordMeta } from "../../meta/types";
import { type Values, isRef } from "../../meta/values";
import type { LinesControl } from "../grid/LinesControl";
import { usePhone } from "../phone";
import { ConflictDialog } from "./ConflictDialog";
import { useThere } from "./depending";
import { firstMarked } from "./draft";
import { HeaderForm, useAskedDefaults } from "./HeaderForm";
import { type GridControls, LineSections } from "./LineSections";
import type { RecordHandle } from "./useRecord";

const NOTHING: Values = {};

/** Empty lines that wait to be filled: a document is mostly lines, a master is not. */
const LEAST_LINES = { document: 10, master: 4 };

interface RecordFormProps {
  meta: RecordMeta;
  record: RecordHandle;
  readOnly: boolean;
  formId: string;
}

/** What pickers of this record ask with: its party and its place, wherever the declaration puts them. */
function contextOf(meta: RecordMeta, header: Values): PickContext {
  const idOf = (refs: string[]): number | null => {
    for (const field of meta.fields) {
      const value = header[field.name];
      if (!field.later && field.ref !== null && refs.includes(field.ref) && isRef(value)) return value.id;
    }
    return null;
  };
  return {
    party: idOf(["parties", "suppliers", "customers"]),
    place: idOf(["warehouses", "places"]),
    day: typeof header.document_date === "string" ? header.document_date : null,
    documentType: meta.family === "document" ? meta.name : null,
  };
}

/** Sends the cursor to the first marked cell whenever new marks arrive. */
function useMarks(record: RecordHandle, controls: GridControls, show: (name: string) => void): void {
  const { problems, draft } = record;
  useEffect(() => {
    const marked = draft ? firstMarked(problems, draft) : null;
    if (!marked || Object.keys(problems.header).length > 0) return;
    show(marked.lines);
    setTimeout(() => controls[marked.lines]?.current?.show(marked.row, marked.field));
    // Only new marks move the cursor, not every edit of the draft.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [record.refusals]);
}

/** What has to be said above the form: a draft that was restored, refusals that name no field. */
function Notices({ record }: { record: RecordHandle }) {
  const { t } = useTranslation();
  const { problems } = record;
  return (
    <>
      {record.restored && (
        <Alert
          type="info"
          showIcon
          title={t("record.restored")}
          action={
            <Button size="small" onClick={record.discard}>
              {t("record.discard")}
            </Button>
          }
        />
      )}
      {problems.other.length > 0 && <Alert type="error" showIcon title={problems.other.join(" ")} />}
    </>
  );
}

export function RecordForm({ meta, record, readOnly, formId }: RecordFormProps) {
  const { book } = useMeta();
  const { draft, problems, setHeader, setLines, prefill } = record;
  const [active, setActive] = useState("");
  const controls = useMemo<GridControls>(
    () => Object.fromEntries(meta.lines.map(({ name }) => [name, createRef<LinesControl>()])),
    [meta.lines],
  );
  const header = draft?.header;
  // What only the server writes stands in the title, the totals and the footnote of a document.
  const written = useMemo(
    () => (meta.family === "document" ? meta.fields.filter((field) => !field.readonly) : meta.fields),
    [meta],
  );
  const fields = useThere(written, header ?? NOTHING);
  const { party, place, day, documentType } = contextOf(meta, header ?? {});
  const context = useMemo(() => ({ party, place, day, documentType }), [party, place, day, documentType]);
  const first = meta.lines[0]?.name;
  // On a telephone the keyboard would cover the form before anybody asked for it.
  const phone = usePhone();
  const toLines = useCallback(() => {
    const name = active || first;
    if (name) controls[name]?.current?.focus();
  }, [active, controls, first]);
  useAskedDefaults(meta.fields, draft !== null && record.stored === null, prefill);
  useMarks(record, controls, setActive);
  if (!draft || !header) return null;
  const basis: Basis = header.price_basis === "gross" ? "gross" : "net";
  return (
    <>
      <Notices record={record} />
      <HeaderForm
        id={formId}
        fields={fields}
        values={header}
        problems={problems.header}
        readOnly={readOnly}
        context={context}
        onChange={setHeader}
        onDone={toLines}
        startsHere={record.stored === null && !phone}
      />
      <LineSections
        sections={meta.lines}
        lines={draft.lines}
        problems={problems.lines}
        readOnly={readOnly}
        basis={basis}
        header={header}
        today={book.today}
        context={context}
        least={LEAST_LINES[meta.family]}
        type={meta.name}
        controls={controls}
        active={active}
        onActive={setActive}
        onChange={setLines}
      />
      <ConflictDialog
        meta={meta}
        draft={draft}
        current={record.conflict}
        onSettle={record.settleConflict}
        onDismiss={record.dismissConflict}
      />
    </>
  );
}
