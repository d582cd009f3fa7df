/** 单据 The form of any document type: head, lines, totals, buttons, and everything that hangs on it. */
import { Fragment, memo, useState } from "react";
import { Result, Spin } from "antd";
import { useTranslation } from "react-i18next";
import { address, messageOf } from "../api/client";
import type { Json } from "../api/json";
import { kindOf } from "../fields";
import { pathOf } from "../meta/context";
import { formatDecimal, sum } from "../meta/numbers";
import type { RecordMeta } from "../meta/types";
import { isEmpty, textOf } from "../meta/values";
import { Checklist } from "./document/Checklist";
import { BeginsAt } from "./document/BeginsAt";
import { DocumentToolbar, StateTags } from "./document/DocumentToolbar";
import { KeymapDialog } from "./document/KeymapDialog";
import { PreviewDialog } from "./document/PreviewDialog";
import { PrintPreview } from "./document/PrintSheet";
import { type Side, SideDrawer } from "./document/SideDrawer";
import { useDocument } from "./document/useDocument";
import { useHotkeys } from "./hotkeys";
import { RecordForm } from "./record/RecordForm";
import type { Draft } from "./record/draft";
import { useRecord } from "./record/useRecord";
import { ShipDialog } from "./shipping/ShipDialog";
import { isThere } from "./record/depending";
import { useTab, useTitle } from "./tabs";

/** Shown in the title, so the form leaves them out. */
const IN_TITLE = ["number", "state", "progress"];

/** The sums of the money columns while typing; once saved, the totals of the server, where it has some. */
function TotalsView({ meta, draft, dirty }: { meta: RecordMeta; draft: Draft; dirty: boolean }) {
  const money = new Map<string, { label: string; value: Json }>();
  for (const { name, fields } of meta.lines) {
    const summed = fields.filter(
      (entry) => entry.total && entry.kind === "money" && isThere(entry, draft.header),
    );
    for (const field of summed) {
      const lines = (draft.lines[name] ?? []).map((line) => line.values[field.name]);
      const before = money.get(field.name)?.value;
      money.set(field.name, { label: field.label, value: sum([before, ...lines]).toString() });
    }
  }
  const kept = dirty
    ? []
    : meta.fields.filter(
        ({ name, kind, readonly }) => kind === "money" && readonly && (draft.header[name] ?? null) !== null,
      );
  if (kept.length) money.clear();
  for (const { name, label } of kept) money.set(name, { label, value: draft.header[name] ?? null });
  return (
    <div className="hc-totals">
      {[...money].map(([name, { label, value }]) => (
        <span key={name} data-testid={`total-${name}`}>
          <span className="hc-dim">{label}</span> <b className="hc-num">{formatDecimal(value, 2, 2)}</b>
        </span>
      ))}
    </div>
  );
}

const Totals = memo(TotalsView);

/** Who made it and who posted it, and whatever else only the server writes. */
function Footnote({ meta, draft }: { meta: RecordMeta; draft: Draft }) {
  const fields = meta.fields.filter(
    ({ name, kind, readonly, later }) =>
      readonly && !later && kind !== "money" && !IN_TITLE.includes(name) && !isEmpty(draft.header[name]),
  );
  return (
    <div className="hc-footnote">
      {fields.map((field) => {
        const kind = kindOf(field.kind);
        return (
          <span key={field.name} data-testid={`field-${field.name}`}>
            {field.label} <kind.Cell field={field} value={draft.header[field.name]} />
          </span>
        );
      })}
    </div>
  );
}

function useDocumentKeys(meta: RecordMeta, id: string) {
  const tab = useTab();
  const record = useRecord(meta, id);
  const commands = useDocument(meta, record);
  const [dialog, setDialog] = useState<"preview" | "print" | "keys" | "ship" | null>(null);
  const [side, setSide] = useState<Side | null>(null);
  const openNew = () => meta.permissions.create && tab.openNew(pathOf("document", meta.name));
  const saveNew = async () => {
    if (await record.saved()) openNew();
  };
  const post = commands.buttons.transitions.find((entry) => entry.name === "post" && entry.enabled);
  useHotkeys({
    "Ctrl+S": () => commands.buttons.canSave && void record.save(),
    "Ctrl+Enter": () => commands.buttons.canSave && void saveNew(),
    F8: () => post && void commands.transition(post),
    "Alt+N": openNew,
    "Ctrl+P": () => setDialog("print"),
    "?": () => setDialog("keys"),
  });
  return { record, commands, dialog, setDialog, side, setSide, openNew, saveNew, post };
}

interface DialogsProps {
  meta: RecordMeta;
  view: ReturnType<typeof useDocumentKeys>;
  draft: Draft;
  number: string;
}

/** Everything that opens over a document or beside it. */
function Dialogs({ meta, view, draft, number }: DialogsProps) {
  const { record, commands, post, setDialog } = view;
  const { stored } = record;
  return (
    <>
      {commands.dialogs.map((dialog, index) => (
        <Fragment key={index}>{dialog}</Fragment>
      ))}
      <PreviewDialog
        collection={meta.collection}
        id={view.dialog === "preview" && stored ? stored.id : null}
        version={stored?.version ?? 0}
        postLabel={post?.label ?? null}
        onPost={() => {
          setDialog(null);
          if (post) void commands.transition(post);
        }}
        onClose={() => setDialog(null)}
      />
      <PrintPreview
        open={view.dialog === "print"}
        meta={meta}
        draft={draft}
        number={number}
        pdf={stored && !record.dirty ? address(`/${meta.collection}/${stored.id}/print/standard`) : null}
        onClose={() => setDialog(null)}
      />
      {view.dialog === "ship" && stored && meta.shipping && (
        <ShipDialog
          meta={meta}
          shipping={meta.shipping}
          stored={stored}
          onDone={(answer) => {
            setDialog(null);
            record.accept(answer);
          }}
          onClose={() => setDialog(null)}
        />
      )}
      <KeymapDialog open={view.dialog === "keys"} onClose={() => setDialog(null)} />
      {stored && (
        <SideDrawer
          title={`${meta.label} ${number}`}
          side={view.side}
          collection={meta.collection}
          id={stored.id}
          onSide={view.setSide}
        />
      )}
    </>
  );
}

export function DocumentView({ meta, id }: { meta: RecordMeta; id: string }) {
  const { t } = useTranslation();
  const view = useDocumentKeys(meta, id);
  const { record, commands, post, setDialog } = view;
  const { stored, draft } = record;
  const number = stored
    ? textOf(stored.number) || t("document.draft_number", { id: stored.id })
    : t("document.new");
  useTitle(`${meta.label} ${number}`);
  if (record.failure && !draft) {
    return <Result status="warning" title={messageOf(record.failure, t("error.network"))} />;
  }
  if (!draft) return <Spin className="hc-loading" />;
  const preview = async () => {
    if (await record.saved()) setDialog("preview");
  };
  return (
    <div className="hc-view hc-document" data-testid={`document-${meta.name}`}>
      <DocumentToolbar
        meta={meta}
        record={record}
        commands={commands}
        canPreview={post !== undefined}
        onSaveNew={() => void view.saveNew()}
        onNew={view.openNew}
        onPreview={() => void preview()}
        onPrint={() => setDialog("print")}
        onShip={() => setDialog("ship")}
        onSide={view.setSide}
        onKeys={() => setDialog("keys")}
      />
      <div className="hc-title">
        <h2>{meta.label}</h2>
        <span className="hc-number" data-testid="document-number">
          {number}
        </span>
        <StateTags meta={meta} record={record} />
      </div>
      {meta.needs_source && !stored && <BeginsAt meta={meta} />}
      <RecordForm
        meta={meta}
        record={record}
        readOnly={!commands.buttons.canSave}
        formId={`${meta.name}-${id}`}
      />
      {meta.checklist && commands.buttons.canSave && (
        <Checklist meta={meta} day={textOf(draft.header.document_date)} document={stored?.id ?? 0} />
      )}
      <Totals meta={meta} draft={draft} dirty={record.dirty} />
      <Footnote meta={meta} draft={draft} />
      <Dialogs meta={meta} view={view} draft={draft} number={number} />
    </div>
  );
}
