import { describe, expect, it } from "vitest";
import { hasLine, pointsOf } from "./chart";

const chart = { x: "day", y: "balance", by: "account" };
const rows = [
  { day: "2026-04-02", account: "A", balance: "5" },
  { day: "2026-04-01", account: "A", balance: "3" },
  { day: "2026-04-02", account: "B", balance: "-1" },
];

describe("the points of a chart", () => {
  it("stand in order of the axis, a series for each value, with gaps where there is no row", () => {
    expect(pointsOf(chart, rows)).toEqual({
      days: ["2026-04-01", "2026-04-02"],
      series: [
        { name: "A", points: [rows[1], rows[0]] },
        { name: "B", points: [undefined, rows[2]] },
      ],
    });
  });

  it("are none where the column is not to be seen", () => {
    expect(hasLine(chart, rows)).toBe(true);
    expect(
      hasLine(
        chart,
        rows.map(({ day, account }) => ({ day, account, balance: null })),
      ),
    ).toBe(false);
  });
});
