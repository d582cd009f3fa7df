/** The points of a report's chart: the values of its x axis in order, and for each series the row that stands at each. */
import type { JsonObject } from "../../api/json";
import type { ChartMeta } from "../../meta/types";
import { textOf } from "../../meta/values";

export interface Series {
  name: string;
  points: (JsonObject | undefined)[];
}

export function pointsOf(
  chart: ChartMeta,
  rows: readonly JsonObject[],
): { days: string[]; series: Series[] } {
  const days = [...new Set(rows.map((row) => textOf(row[chart.x])))].sort();
  const at = new Map(days.map((day, index) => [day, index]));
  const named = new Map<string, (JsonObject | undefined)[]>();
  for (const row of rows) {
    const name = chart.by ? textOf(row[chart.by]) : "";
    const points = named.get(name) ?? new Array<JsonObject | undefined>(days.length).fill(undefined);
    points[at.get(textOf(row[chart.x])) ?? 0] = row;
    named.set(name, points);
  }
  return { days, series: [...named].map(([name, points]) => ({ name, points })) };
}

/** Whether there is anything to draw: who may not see the column has no line. */
export const hasLine = (chart: ChartMeta, rows: readonly JsonObject[]): boolean =>
  rows.some((row) => textOf(row[chart.y]) !== "");
