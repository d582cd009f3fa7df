/** 逐行动作 What may be done with the chosen rows of a report, each a line of a document: asked once, sent to one after the other. */
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import { messageOf } from "../../api/client";
import type { JsonObject } from "../../api/json";
import type { Holding, Part } from "../../api/shapes";
import { useMeta } from "../../meta/context";
import type { RecordMeta, ReportMeta, TransitionMeta } from "../../meta/types";
import { isRef } from "../../meta/values";
import { useAskParts } from "../document/HoldDialog";
import { refresh } from "../record/useRecord";

/** Documents of the chosen rows with the lines that were chosen of each. */
export interface Chosen {
  type: string;
  id: number;
  label: string;
  lines: number[];
}

/** The chosen lines by document, in the order of the rows. */
export function chosenOf(rows: readonly JsonObject[]): Chosen[] {
  const found = new Map<number, Chosen>();
  for (const { id, document } of rows) {
    if (typeof id !== "number" || !isRef(document) || typeof document.type !== "string") continue;
    const before = found.get(document.id) ?? {
      type: document.type,
      id: document.id,
      label: document.label,
      lines: [],
    };
    found.set(document.id, { ...before, lines: [...before.lines, id] });
  }
  return [...found.values()];
}

/** The commands that fit the parameters the rows were asked for with, and that this user may give. */
export const commandsFor = (
  report: ReportMeta,
  query: Record<string, string>,
  documents: Record<string, RecordMeta>,
): TransitionMeta[] =>
  report.commands
    .filter(({ when }) => Object.entries(when).every(([name, values]) => values.includes(query[name] ?? "")))
    .flatMap(({ name }) => {
      const known = Object.values(documents).flatMap(({ transitions }) => transitions);
      return known.find((entry) => entry.name === name && entry.by_line) ?? [];
    });

interface LineCommandsProps {
  commands: readonly TransitionMeta[];
  rows: readonly JsonObject[];
  onDone: () => void;
}

export function LineCommands({ commands, rows, onDone }: LineCommandsProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { documents } = useMeta();
  const client = useQueryClient();
  const { askParts, partsDialog } = useAskParts();
  const [busy, setBusy] = useState(false);
  const chosen = chosenOf(rows);
  const collectionOf = ({ type }: Chosen) => documents[type]?.collection ?? "";

  const linesOf = async (one: Chosen): Promise<Holding[]> => {
    const lines = await calls.holdings(collectionOf(one), one.id);
    const order = chosen.length > 1 ? { order: one.label } : {};
    return lines.filter(({ line }) => one.lines.includes(line)).map((line) => ({ ...line, ...order }));
  };
  const send = async (one: Chosen, name: string, parts: readonly Part[], reason: string | null) => {
    const own = parts.filter(({ line }) => one.lines.includes(line));
    if (own.length === 0) return;
    const { version } = await calls.read(collectionOf(one), one.id);
    await calls.transition(collectionOf(one), one.id, name, version, reason, own);
  };
  const run = async (command: TransitionMeta) => {
    setBusy(true);
    try {
      const lines = (await Promise.all(chosen.map(linesOf))).flat();
      const asked = { more: command.name === "hold", toLine: command.to_line };
      const answer = await askParts({ title: command.label, reason: command.reason, asked, lines });
      if (!answer) return;
      for (const one of chosen) await send(one, command.name, answer.parts, answer.reason);
      void message.success(t("document.done", { label: command.label, number: "" }));
      onDone();
    } catch (failure) {
      void message.error(messageOf(failure, t("error.network")), 10);
    } finally {
      setBusy(false);
      refresh(client);
    }
  };
  if (commands.length === 0) return null;
  return (
    <div className="hc-remedies">
      {commands.map((command) => (
        <Button
          key={command.name}
          type="primary"
          ghost
          data-testid={`command-${command.name}`}
          disabled={rows.length === 0 || busy}
          onClick={() => void run(command)}
        >
          {command.label}
          {rows.length > 0 && ` (${rows.length})`}
        </Button>
      ))}
      {rows.length === 0 && <span className="hc-dim">{t("remedies.choose")}</span>}
      {partsDialog}
    </div>
  );
}
