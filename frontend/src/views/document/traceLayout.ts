/** Places the documents of a chain: each one step right of what it came from, rows top to bottom. */
import type { Trace, TraceNode } from "../../api/shapes";

export interface PlacedNode extends TraceNode {
  column: number;
  row: number;
}

export interface TraceLayout {
  nodes: PlacedNode[];
  edges: { source: PlacedNode; target: PlacedNode; purposes: string[] }[];
  columns: number;
  rows: number;
}

/** The longest way from a document without a source; a circle, should there be one, is cut where it closes. */
function depths(trace: Trace): Map<number, number> {
  const sources = new Map<number, number[]>();
  for (const { source, target } of trace.links) sources.set(target, [...(sources.get(target) ?? []), source]);
  const found = new Map<number, number>();
  const visit = (id: number, path: ReadonlySet<number>): number => {
    const known = found.get(id);
    if (known !== undefined) return known;
    const before = (sources.get(id) ?? []).filter((source) => source !== id && !path.has(source));
    const depth = before.reduce(
      (most, source) => Math.max(most, visit(source, new Set([...path, id])) + 1),
      0,
    );
    found.set(id, depth);
    return depth;
  };
  for (const { id } of trace.documents) visit(id, new Set());
  return found;
}

export function layoutTrace(trace: Trace): TraceLayout {
  const depth = depths(trace);
  const filled: number[] = [];
  const byDate = [...trace.documents].sort((left, right) =>
    `${left.document_date ?? ""}${left.id}`.localeCompare(`${right.document_date ?? ""}${right.id}`),
  );
  const nodes = byDate.map((node): PlacedNode => {
    const column = depth.get(node.id) ?? 0;
    const row = filled[column] ?? 0;
    filled[column] = row + 1;
    return { ...node, column, row };
  });
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const merged = new Map<string, TraceLayout["edges"][number]>();
  for (const { source, target, purpose } of trace.links) {
    const [from, to] = [byId.get(source), byId.get(target)];
    if (!from || !to || from === to) continue;
    const key = `${source}-${target}`;
    const edge = merged.get(key) ?? { source: from, target: to, purposes: [] };
    if (purpose && !edge.purposes.includes(purpose)) edge.purposes.push(purpose);
    merged.set(key, edge);
  }
  return {
    nodes,
    edges: [...merged.values()],
    columns: Math.max(1, ...nodes.map(({ column }) => column + 1)),
    rows: Math.max(1, ...filled.map((count) => count ?? 0)),
  };
}
