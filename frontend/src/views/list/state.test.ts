import { describe, expect, it } from "vitest";
import type { RecordMeta } from "../../meta/types";
import { alertFilter, firstState, plainField, whereOf, withAlerts } from "./state";

const choice = { value: "below_min", label: "低于下限", tone: "error" };
const metaOf = (family: "document" | "master", alerts: RecordMeta["alerts"]) =>
  ({ family, alerts, list: { columns: [], filters: [], sort: "code" } }) as unknown as RecordMeta;
const quick = ["a", "b", "c", "d"].map((name) => plainField(name, name, "text"));
const names = (family: "document" | "master", alerts: RecordMeta["alerts"]) => {
  const meta = metaOf(family, alerts);
  return withAlerts(meta, quick, alertFilter(meta, "预警")).map(({ name }) => name);
};

describe("the filter on alerts", () => {
  it("is at hand in a list of masters, and behind the others in one of documents", () => {
    expect(names("master", [choice])).toEqual(["a", "b", "c", "alerts", "d"]);
    expect(names("document", [choice])).toEqual(["a", "b", "c", "d", "alerts"]);
  });

  it("is not there where no row can bear an alert before this user", () => {
    expect(names("master", [])).toEqual(["a", "b", "c", "d"]);
  });

  it("asks for the rows that bear one of the chosen kinds", () => {
    const meta = metaOf("master", [choice]);
    const filters = alertFilter(meta, "预警");
    const state = { ...firstState(meta, filters, "2026-03-05"), quick: { alerts: ["below_min"] } };
    expect(whereOf(state, filters)).toEqual([{ field: "alerts", op: "in", value: ["below_min"] }]);
  });
});
