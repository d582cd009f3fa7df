import { describe, expect, it } from "vitest";
import { alertsOf, shownOf } from "./alerts";

const low = {
  kind: "below_min",
  label: "低于下限",
  tone: "error",
  help: "补货",
  link: { kind: "report", name: "stock_alerts", parameters: { kind: "below_min", item: "5" } },
};

describe("alertsOf", () => {
  it("reads the alerts of a row with the way to their list", () => {
    expect(alertsOf({ id: 5, alerts: [low] })).toEqual([
      {
        kind: "below_min",
        label: "低于下限",
        tone: "error",
        help: "补货",
        path: "/reports/stock_alerts?kind=below_min&item=5",
      },
    ]);
  });

  it("has no colour for a plain one and no way where the server gives none", () => {
    const [plain] = alertsOf({ alerts: [{ ...low, tone: "default", link: null }] });
    expect([plain?.tone, plain?.path]).toEqual([undefined, null]);
  });

  it("leaves out what is no alert", () => {
    expect(alertsOf(null)).toEqual([]);
    expect(alertsOf({ id: 1 })).toEqual([]);
    expect(alertsOf({ alerts: "x" })).toEqual([]);
    expect(alertsOf({ alerts: [null, 3, { kind: "x" }] })).toEqual([]);
  });
});

describe("shownOf", () => {
  const three = ["a", "b", "c"].flatMap((kind) => alertsOf({ alerts: [{ ...low, kind }] }));

  it("keeps the gravest and counts the rest", () => {
    const [shown, rest] = shownOf(three, 2);
    expect([shown.map(({ kind }) => kind), rest.map(({ kind }) => kind)]).toEqual([["a", "b"], ["c"]]);
  });

  it("keeps all of them where there is room", () => {
    expect(shownOf(three, 3)).toEqual([three, []]);
  });
});
