/** The commands of a document on screen: transitions, conversions, copy and delete, each asked about where it matters. */
import { useMemo, useRef } from "react";
import { App } from "antd";
import { useTranslation } from "react-i18next";
import { useQueryClient } from "@tanstack/react-query";
import * as calls from "../../api/calls";
import { ApiError } from "../../api/errors";
import type { Allowed, OpenSources, Part, Stored } from "../../api/shapes";
import { pathOf, useMeta } from "../../meta/context";
import type { RecordMeta } from "../../meta/types";
import { textOf } from "../../meta/values";
import type { RecordHandle } from "../record/useRecord";
import { forgetRecord, refresh } from "../record/useRecord";
import { useTab } from "../tabs";
import { type Buttons, buttonsOf } from "./actions";
import { useAskLines } from "./ConvertDialog";
import { useAskParts } from "./HoldDialog";
import { useAskReason } from "./ReasonDialog";

/** Each tab is an address of its own that the browser must have gone to before it goes to the next. */
const BETWEEN_TABS = 150;

/** Opens the draft that a conversion or copy made; of several, all, the first in front. */
function useOpenMade(): (made: Stored, fallback: string) => void {
  const tab = useTab();
  const client = useQueryClient();
  const { documents } = useMeta();
  const { message } = App.useApp();
  const { t } = useTranslation();
  return (made, fallback) => {
    const type = textOf(made.type) || fallback;
    const collection = documents[type]?.collection;
    if (collection) client.setQueryData(["record", collection, made.id], made);
    refresh(client);
    const others = furtherMade(made);
    const all = [...others, made.id].map((one) => pathOf("document", type, one));
    all.forEach((path, at) =>
      at === 0 ? tab.open(path) : setTimeout(() => tab.open(path), at * BETWEEN_TABS),
    );
    if (others.length === 0) return;
    void message.success(
      t("document.several", { count: others.length + 1, label: documents[type]?.label ?? "" }),
    );
  };
}

/** The ids of the other drafts that a conversion made beside the one it shows. */
function furtherMade(made: Stored): number[] {
  const { documents } = made;
  if (!Array.isArray(documents)) return [];
  return documents.filter((one): one is number => typeof one === "number" && one !== made.id);
}

/** What can go on together; null where nothing is to be asked: no goods go on, or nothing is open, which the server says. */
async function sourcesToAsk(
  meta: RecordMeta,
  target: RecordMeta | undefined,
  stored: Stored,
): Promise<OpenSources | null> {
  const table = meta.lines.find(({ name }) => target?.lines.some((lines) => lines.name === name));
  if (!table || !target) return null;
  const found = await calls.openSources(meta.collection, stored.id, target.name);
  return found.documents[0]?.lines.length ? found : null;
}

/** Sends; a refusal that this user may override is shown to him, and sent once more with the reason he gives. */
async function orOverride<T>(
  send: (reason: string | null) => Promise<T>,
  reason: string | null,
  ask: (refusal: string) => Promise<string | null>,
): Promise<T> {
  try {
    return await send(reason);
  } catch (failure) {
    if (!(failure instanceof ApiError) || failure.params.may_override !== true) throw failure;
    const why = await ask(failure.message);
    if (why === null) throw failure;
    return send(why);
  }
}

/** What a transition asks a person for before it is sent: a reason, lines and how much of them, or whether he is sure. */
interface Asked {
  reason: string | null;
  parts: Part[] | null;
}

function useQuestions(meta: RecordMeta) {
  const { modal } = App.useApp();
  const { t } = useTranslation();
  const { ask, dialog } = useAskReason();
  const { askParts, partsDialog } = useAskParts();

  const confirm = (title: string): Promise<boolean> =>
    modal.confirm({
      title,
      okText: t("record.ok"),
      cancelText: t("record.cancel"),
    }) as unknown as Promise<boolean>;

  /** Null where he thinks better of it. */
  const askFirst = async (
    { name, label, declared }: Buttons["transitions"][number],
    stored: Stored,
    record: RecordHandle,
  ): Promise<Asked | null> => {
    if (declared?.by_line) {
      const lines = await record.attempt(() => calls.holdings(meta.collection, stored.id));
      const asked = { more: name === "hold", toLine: declared.to_line };
      return lines && askParts({ title: label, reason: declared.reason, asked, lines });
    }
    if (declared?.reason) {
      const reason = await ask(label);
      return reason === null ? null : { reason, parts: null };
    }
    if (declared?.danger && !(await confirm(t("document.confirm", { label })))) return null;
    return { reason: null, parts: null };
  };
  return { ask, askFirst, confirm, dialogs: [dialog, partsDialog] };
}

export function useDocument(meta: RecordMeta, record: RecordHandle) {
  const { message } = App.useApp();
  const { t } = useTranslation();
  const tab = useTab();
  const client = useQueryClient();
  const openMade = useOpenMade();
  const { ask, askFirst, confirm, dialogs } = useQuestions(meta);
  const { askLines, linesDialog } = useAskLines();
  const { documents } = useMeta();
  const buttons = useMemo<Buttons>(() => buttonsOf(meta, record.stored), [meta, record.stored]);
  const latest = useRef({ record, buttons });
  latest.current = { record, buttons };

  const transition = async (entry: Buttons["transitions"][number]) => {
    const { record: now } = latest.current;
    const stored = await now.saved();
    if (!stored) return;
    const first = await askFirst(entry, stored, now);
    if (first === null) return;
    const send = (why: string | null) =>
      calls.transition(meta.collection, stored.id, entry.name, stored.version, why, first.parts);
    const answer = await now.attempt(() =>
      orOverride(send, first.reason, (refusal) => ask(t("document.override"), refusal)),
    );
    if (!answer) return;
    now.accept(answer);
    void message.success(t("document.done", { label: entry.label, number: textOf(answer.number) }));
  };

  const convert = async (entry: Allowed) => {
    const stored = await latest.current.record.saved();
    if (!stored) return;
    const open = await record.attempt(async () => ({
      sources: await sourcesToAsk(meta, documents[entry.name], stored),
    }));
    if (!open) return;
    const find = (text: string) => calls.openSources(meta.collection, stored.id, entry.name, text);
    const chosen =
      open.sources === null ? { also: [], lines: null } : await askLines(entry.label, open.sources, find);
    if (chosen === null) return;
    const made = await record.attempt(() =>
      calls.convert(meta.collection, stored.id, entry.name, chosen.also, chosen.lines),
    );
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
  return { buttons, transition, convert, copy, erase, dialogs: [...dialogs, linesDialog] };
}

export type DocumentCommands = ReturnType<typeof useDocument>;
