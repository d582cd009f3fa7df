/** One transition for many documents, one after the other, for one reason where it wants one, with the outcome of each. */
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Modal, Progress } from "antd";
import { CheckCircleFilled, CloseCircleFilled } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import { messageOf } from "../../api/client";
import type { Row } from "../../api/shapes";
import type { RecordMeta, TransitionMeta } from "../../meta/types";
import { textOf } from "../../meta/values";
import { useAskReason } from "../document/ReasonDialog";
import { refresh } from "../record/useRecord";
import { ShipMany } from "../shipping/ShipMany";

interface Outcome {
  id: number;
  label: string;
  refusal: string | null;
}

interface BulkActionsProps {
  meta: RecordMeta;
  rows: readonly Row[];
  onDone: () => void;
}

/** Runs the transition for one document after the other and tells the outcome of each. */
function useBulk(meta: RecordMeta, rows: readonly Row[]) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [outcomes, setOutcomes] = useState<Outcome[] | null>(null);
  const [running, setRunning] = useState(false);
  const { ask, dialog } = useAskReason();
  const run = async (transition: TransitionMeta) => {
    const reason = transition.reason ? await ask(transition.label) : null;
    if (transition.reason && reason === null) return;
    setOutcomes([]);
    setRunning(true);
    for (const row of rows.filter(({ state }) => transition.from.includes(textOf(state)))) {
      let refusal: string | null = null;
      try {
        const { version } = await calls.read(meta.collection, row.id);
        await calls.transition(meta.collection, row.id, transition.name, version, reason);
      } catch (failure) {
        refusal = messageOf(failure, t("error.network"));
      }
      const label = textOf(row.number) || t("document.draft_number", { id: row.id });
      setOutcomes((before) => [...(before ?? []), { id: row.id, label, refusal }]);
    }
    setRunning(false);
    refresh(client);
  };
  return { outcomes, running, run, dialog, clear: () => setOutcomes(null) };
}

export function BulkActions({ meta, rows, onDone }: BulkActionsProps) {
  const { t } = useTranslation();
  const { outcomes, running, run, dialog, clear } = useBulk(meta, rows);
  const close = () => {
    clear();
    onDone();
  };
  const usable = meta.transitions
    .filter((transition) => !transition.to_line)
    .map((transition) => ({
      transition,
      count: rows.filter((row) => transition.from.includes(textOf(row.state))).length,
    }))
    .filter(({ count }) => count > 0);
  const failed = outcomes?.filter(({ refusal }) => refusal !== null).length ?? 0;
  return (
    <>
      <span className="hc-bulk-count">{t("list.selected", { count: rows.length })}</span>
      {usable.map(({ transition, count }) => (
        <Button key={transition.name} danger={transition.danger} onClick={() => void run(transition)}>
          {transition.label} ({count})
        </Button>
      ))}
      <ShipMany meta={meta} rows={rows} onDone={onDone} />
      {dialog}
      <Modal
        open={outcomes !== null}
        title={t("list.bulk_result", { done: (outcomes?.length ?? 0) - failed, failed })}
        closable={false}
        footer={
          <Button type="primary" loading={running} onClick={close}>
            {t("list.close")}
          </Button>
        }
      >
        {running && (
          <Progress percent={Math.round((100 * (outcomes?.length ?? 0)) / Math.max(1, rows.length))} />
        )}
        <ul className="hc-outcomes">
          {outcomes?.map(({ id, label, refusal }) => (
            <li key={id}>
              {refusal === null ? (
                <CheckCircleFilled className="hc-good" />
              ) : (
                <CloseCircleFilled className="hc-bad" />
              )}{" "}
              {label}
              {refusal !== null && <div className="hc-problem">{refusal}</div>}
            </li>
          ))}
        </ul>
      </Modal>
    </>
  );
}
