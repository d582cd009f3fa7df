/** Alerts on the rows of lists and pickers: what a row is to be looked at for. */
import { isObject } from "../api/check";
import type { Json, JsonObject } from "../api/json";
import { addressOf } from "./links";

/** The key under which the server puts them into a row, and the name of the filter on them. */
export const ALERTS = "alerts";

export interface RowAlert {
  kind: string;
  label: string;
  /** A colour of antd's tags; undefined for a plain one. */
  tone: string | undefined;
  /** What to do about it. */
  help: string;
  /** Where it is done: an address inside the program. */
  path: string | null;
}

const pathOfLink = (link: Json | undefined): string | null =>
  isObject(link) && typeof link.kind === "string" && typeof link.name === "string"
    ? addressOf({ kind: link.kind, name: link.name, parameters: link.parameters ?? null })
    : null;

/** The alerts of a row, the gravest first; none where there are none. */
export function alertsOf(row: JsonObject | null): RowAlert[] {
  const found = row?.[ALERTS];
  if (!Array.isArray(found)) return [];
  return found.filter(isObject).flatMap(({ kind, label, tone, help, link }) =>
    typeof kind === "string" && typeof label === "string"
      ? [
          {
            kind,
            label,
            tone: typeof tone === "string" && tone !== "default" ? tone : undefined,
            help: typeof help === "string" ? help : "",
            path: pathOfLink(link),
          },
        ]
      : [],
  );
}

/** The alerts that have room, and those that are only counted. */
export function shownOf(alerts: readonly RowAlert[], most: number): [RowAlert[], RowAlert[]] {
  return [alerts.slice(0, most), alerts.slice(most)];
}
