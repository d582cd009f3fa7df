/** Reports: the answer brings its own columns, which are declarations too. */
import { jsonObject } from "../api/check";
import { get } from "../api/client";
import type { JsonObject } from "../api/json";
import { fieldList } from "./check";
import type { FieldMeta } from "./types";

export interface ReportAnswer {
  columns: FieldMeta[];
  rows: JsonObject[];
  totals: JsonObject | null;
  next: string | null;
  /** More rows exist than the `limit` that is shown; totals are those of all. */
  truncated: boolean;
  limit: number;
  note: string | null;
}

/** Runs a report; its columns are declarations too, so they are checked like /meta. */
export const runReport = (name: string, parameters: Record<string, string>): Promise<ReportAnswer> =>
  get(
    `/reports/${name}`,
    (value) => {
      const source = jsonObject(value, "report");
      return {
        columns: fieldList(source.columns, "columns"),
        rows: Array.isArray(source.rows)
          ? source.rows.map((row, index) => jsonObject(row, `rows.${index}`))
          : [],
        totals: source.totals ? jsonObject(source.totals, "totals") : null,
        next: typeof source.next === "string" ? source.next : null,
        truncated: source.truncated === true,
        limit: typeof source.limit === "number" ? source.limit : 0,
        note: typeof source.note === "string" ? source.note : null,
      };
    },
    parameters,
  );
