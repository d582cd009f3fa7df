/** 一键处理 What the chosen rows of a report become: a button for each kind of draft, and the drafts opened. */
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import { messageOf } from "../../api/client";
import { pathOf, useMeta } from "../../meta/context";
import type { RemedyMeta, ReportMeta } from "../../meta/types";
import { useTab } from "../tabs";

const MOST_TABS = 5;

/** The remedies that fit the parameters the rows were asked for with. */
export const remediesFor = (report: ReportMeta, query: Record<string, string>): RemedyMeta[] =>
  report.remedies.filter(({ when }) =>
    Object.entries(when).every(([name, values]) => values.includes(query[name] ?? "")),
  );

/** What a list shows these records by, and no others. */
export const linkTo = (ids: readonly number[]): string =>
  `?where=${encodeURIComponent(JSON.stringify([{ field: "id", op: "in", value: ids }]))}`;

interface RemediesProps {
  report: ReportMeta;
  remedies: readonly RemedyMeta[];
  rows: readonly number[];
  onDone: () => void;
}

export function Remedies({ report, remedies, rows, onDone }: RemediesProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { documents } = useMeta();
  const client = useQueryClient();
  const tab = useTab();
  const [running, setRunning] = useState<string | null>(null);
  const run = async ({ name, target }: RemedyMeta) => {
    setRunning(name);
    try {
      const made = await calls.remedy(report.name, name, [...rows]);
      const label = documents[target]?.label ?? "";
      const words = { count: made.documents.length, label, left: made.left };
      if (made.left > 0) void message.warning(t("remedies.left", words), 10);
      else void message.success(t("remedies.made", words));
      void client.invalidateQueries({ queryKey: ["list"] });
      onDone();
      const ids = made.documents.map(({ id }) => id);
      if (ids.length > MOST_TABS) tab.open(pathOf("document", made.type) + linkTo(ids));
      else
        tab.openAll(
          ids.map((id) => ({
            path: pathOf("document", made.type, id),
            title: `${label} ${t("document.draft_number", { id })}`,
          })),
        );
    } catch (failure) {
      void message.error(messageOf(failure, t("error.network")));
    } finally {
      setRunning(null);
    }
  };
  if (remedies.length === 0) return null;
  return (
    <div className="hc-remedies">
      {remedies.map((remedy) => (
        <Button
          key={remedy.name}
          type="primary"
          ghost
          data-testid={`remedy-${remedy.name}`}
          disabled={rows.length === 0 || running !== null}
          loading={running === remedy.name}
          onClick={() => void run(remedy)}
        >
          {remedy.label}
          {rows.length > 0 && ` (${rows.length})`}
        </Button>
      ))}
      {rows.length === 0 && <span className="hc-dim">{t("remedies.choose")}</span>}
    </div>
  );
}
