/** The commands of a document on screen: transitions, conversions, copy and delete, each asked about where it matters. */
import { useMemo, useRef } from "react";
import { App } from "antd";
import { useTranslation } from "react-i18next";
import { useQueryClient } from "@tanstack/react-query";
import * as calls from "../../api/calls";
import type { Allowed, Stored } from "../../api/shapes";
import { pathOf, useMeta } from "../../meta/context";
import type { RecordMeta } from "../../meta/types";
import { textOf } from "../../meta/values";
import type { RecordHandle } from "../record/useRecord";
import { forgetRecord, refresh } from "../record/useRecord";
import { useTab } from "../tabs";
import { type Buttons, buttonsOf } from "./actions";
import { useAskLines } from "./ConvertDialog";
import { type OpenLine, openLines, purposeOf } from "./conversion";
import { useAskReason } from "./ReasonDialog";

/** Opens the draft that a conversion or copy made. */
function useOpenMade(): (made: Stored, fallback: string) => void {
  const tab = useTab();
  const client = useQueryClient();
  const { documents } = useMeta();
  return (made, fallback) => {
    const type = textOf(made.type) || fallback;
    const collection = documents[type]?.collection;
    if (collection) client.setQueryData(["record", collection, made.id], made);
    refresh(client);
    tab.open(pathOf("document", type, made.id));
  };
}

/** The lines of which something can go on; null where the conversion is not of goods, so that nothing is asked. */
async function linesToAsk(
  meta: RecordMeta,
  target: RecordMeta | undefined,
  stored: Stored,
): Promise<OpenLine[] | null> {
  const table = meta.lines.find(({ name }) => target?.lines.some((lines) => lines.name === name));
  if (!table) return null;
  const progress = await calls.progress(meta.collection, stored.id);
  const purpose = purposeOf(meta, target?.name ?? "", progress);
  const found = purpose === null ? [] : openLines(stored[table.name], progress, purpose);
  return found.length > 0 ? found : null;
}

export function useDocument(meta: RecordMeta, record: RecordHandle) {
  const { modal, message } = App.useApp();
  const { t } = useTranslation();
  const tab = useTab();
  const client = useQueryClient();
  const openMade = useOpenMade();
  const { ask, dialog: reasonDialog } = useAskReason();
  const { askLines, linesDialog } = useAskLines();
  const { documents } = useMeta();
  const buttons = useMemo<Buttons>(() => buttonsOf(meta, record.stored), [meta, record.stored]);
  const latest = useRef({ record, buttons });
  latest.current = { record, buttons };

  const confirm = (title: string): Promise<boolean> =>
    modal.confirm({
      title,
      okText: t("record.ok"),
      cancelText: t("record.cancel"),
    }) as unknown as Promise<boolean>;

  const transition = async (entry: Buttons["transitions"][number]) => {
    const { record: now } = latest.current;
    const stored = await now.saved();
    if (!stored) return;
    let reason: string | null = null;
    if (entry.declared?.reason) {
      reason = await ask(entry.label);
      if (reason === null) return;
    } else if (entry.declared?.danger && !(await confirm(t("document.confirm", { label: entry.label }))))
      return;
    const answer = await now.attempt(() =>
      calls.transition(meta.collection, stored.id, entry.name, stored.version, reason),
    );
    if (!answer) return;
    now.accept(answer);
    void message.success(t("document.done", { label: entry.label, number: textOf(answer.number) }));
  };

  const convert = async (entry: Allowed) => {
    const stored = await latest.current.record.saved();
    if (!stored) return;
    const open = await record.attempt(async () => ({
      lines: await linesToAsk(meta, documents[entry.name], stored),
    }));
    if (!open) return;
    const chosen = open.lines === null ? "all" : await askLines(entry.label, open.lines);
    if (chosen === null) return;
    const lines = chosen === "all" ? null : chosen;
    const made = await record.attempt(() => calls.convert(meta.collection, stored.id, entry.name, lines));
    if (made) openMade(made, entry.name);
  };

  const copy = async () => {
    const { stored } = latest.current.record;
    if (!stored) return;
    const made = await record.attempt(() => calls.copy(meta.collection, stored.id));
    if (made) openMade(made, meta.name);
  };

  const erase = async () => {
    const { stored } = latest.current.record;
    if (!stored || !(await confirm(t("record.confirm_delete")))) return;
    const gone = await record.attempt(() => calls.erase(meta.collection, stored.id));
    if (gone === null) return;
    record.discard();
    tab.close();
    setTimeout(() => forgetRecord(client, meta.collection, stored.id));
  };
  return { buttons, transition, convert, copy, erase, dialogs: [reasonDialog, linesDialog] };
}

export type DocumentCommands = ReturnType<typeof useDocument>;
