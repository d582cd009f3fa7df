/** 执行明细 What was done of each line, what is open, and for which document the line stands. */
import { useQuery } from "@tanstack/react-query";
import { Empty, Spin } from "antd";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import type { LineProgress } from "../../api/shapes";
import { pathOf, useMeta } from "../../meta/context";
import { formatDecimal } from "../../meta/numbers";
import { useTab } from "../tabs";

/** The purposes of all lines with their labels, in the order in which they come. */
function purposesOf(lines: readonly LineProgress[]): [string, string][] {
  const found = new Map<string, string>();
  for (const { purposes } of lines) {
    for (const [name, { label }] of Object.entries(purposes)) found.set(name, label);
  }
  return [...found];
}

function Source({ source }: { source: LineProgress["source"] }) {
  const tab = useTab();
  const { documents } = useMeta();
  if (!source) return null;
  const name = documents[source.type]?.label;
  return (
    <>
      {name ? (
        <a role="button" onClick={() => tab.open(pathOf("document", source.type, source.id))}>
          {source.label}
        </a>
      ) : (
        source.label
      )}
      <div className="hc-dim">{source.party}</div>
    </>
  );
}

export function ProgressPanel({ collection, id }: { collection: string; id: number }) {
  const { t } = useTranslation();
  const { data, isPending } = useQuery({
    queryKey: ["part", "progress", collection, id],
    queryFn: () => calls.progress(collection, id),
  });
  if (isPending) return <Spin />;
  const lines = data ?? [];
  const purposes = purposesOf(lines);
  const sourced = lines.some(({ source }) => source !== null);
  if (purposes.length === 0 && !sourced) return <Empty description={t("progress.nothing")} />;
  return (
    <div style={{ overflowX: "auto" }}>
      <table className="hc-plain-table" aria-label={t("document.progress")} data-testid="line-progress">
        <thead>
          <tr>
            <th>{t("progress.item")}</th>
            {sourced && <th>{t("progress.source")}</th>}
            <th className="hc-right">{t("progress.quantity")}</th>
            {purposes.map(([name, label]) => (
              <th key={name} className="hc-right">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.line} data-testid={`progress-${line.line}`}>
              <td>
                {line.item.label}
                <div className="hc-dim">{line.item.code}</div>
              </td>
              {sourced && (
                <td>
                  <Source source={line.source} />
                </td>
              )}
              <td className="hc-right hc-num">
                {formatDecimal(line.quantity, 0, 6)} {line.unit}
              </td>
              {purposes.map(([name]) => {
                const part = line.purposes[name];
                return (
                  <td key={name} className="hc-right hc-num">
                    {part && formatDecimal(part.done, 0, 6)}
                    {part && part.open !== "0" && (
                      <div className="hc-dim">
                        {t("progress.open")} {formatDecimal(part.open, 0, 6)}
                      </div>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
