/** 单据链 The chain of documents, drawn; each opens with a click. */
import { useMemo } from "react";
import { useQuery } from "@tanstack/react-query";
import { Empty, Spin, Tag } from "antd";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import { pathOf, useMeta } from "../../meta/context";
import { formatDecimal } from "../../meta/numbers";
import { useTab } from "../tabs";
import { type PlacedNode, layoutTrace } from "./traceLayout";

const WIDTH = 176;
const HEIGHT = 78;
const GAP_X = 56;
const GAP_Y = 16;

const leftOf = ({ column }: PlacedNode) => column * (WIDTH + GAP_X);
const topOf = ({ row }: PlacedNode) => row * (HEIGHT + GAP_Y);

function path(source: PlacedNode, target: PlacedNode): string {
  const [x1, y1] = [leftOf(source) + WIDTH, topOf(source) + HEIGHT / 2];
  const [x2, y2] = [leftOf(target), topOf(target) + HEIGHT / 2];
  const bend = Math.max(24, (x2 - x1) / 2);
  return `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

function Node({ node }: { node: PlacedNode }) {
  const { t } = useTranslation();
  const tab = useTab();
  const declared = useMeta().documents[node.type];
  const state = declared?.states.find((entry) => entry.value === node.state);
  return (
    <button
      type="button"
      className={node.self ? "hc-node hc-node-self" : "hc-node"}
      style={{ left: leftOf(node), top: topOf(node), width: WIDTH, height: HEIGHT }}
      data-testid={`trace-${node.type}-${node.id}`}
      disabled={node.self || !declared}
      onClick={() => tab.open(pathOf("document", node.type, node.id))}
    >
      <span className="hc-node-head">
        <span>{declared?.label ?? node.label}</span>
        {state && (
          <Tag className="hc-tag" color={state.tone && state.tone !== "default" ? state.tone : undefined}>
            {state.label}
          </Tag>
        )}
      </span>
      <b>{node.number ?? t("document.draft_number", { id: node.id })}</b>
      <span className="hc-node-foot">
        <span className="hc-dim hc-num">{node.document_date}</span>
        <span className="hc-num">{formatDecimal(node.amount_gross, 2, 2)}</span>
      </span>
    </button>
  );
}

export function TracePanel({ collection, id }: { collection: string; id: number }) {
  const { t } = useTranslation();
  const { data, isPending } = useQuery({
    queryKey: ["part", "trace", collection, id],
    queryFn: () => calls.trace(collection, id),
  });
  const layout = useMemo(() => (data ? layoutTrace(data) : null), [data]);
  if (isPending) return <Spin />;
  if (!layout || layout.nodes.length <= 1) return <Empty description={t("trace.alone")} />;
  const width = layout.columns * (WIDTH + GAP_X) - GAP_X;
  const height = layout.rows * (HEIGHT + GAP_Y);
  return (
    <div className="hc-trace">
      <div style={{ position: "relative", width, height }}>
        <svg width={width} height={height} aria-hidden>
          {layout.edges.map(({ source, target }) => (
            <path key={`${source.id}-${target.id}`} d={path(source, target)} className="hc-edge" />
          ))}
        </svg>
        {layout.nodes.map((node) => (
          <Node key={node.id} node={node} />
        ))}
      </div>
    </div>
  );
}
