import { describe, expect, it } from "vitest";
import { chosenLines, openLines, purposeOf } from "./conversion";
import type { RecordMeta } from "../../meta/types";

const lines = [
  { id: 1, item: { id: 5, code: "M6", label: "螺丝" }, unit: { id: 2, label: "盒" }, quantity: "5" },
  { id: 2, item: { id: 6, code: "M8", label: "螺母" }, unit: null, quantity: "3" },
];
const progress = [
  { line: 1, quantity: "500", purposes: { received: { label: "入库", done: "150", open: "350" } } },
  { line: 2, quantity: "3", purposes: { received: { label: "入库", done: "3", open: "0" } } },
];

describe("conversion", () => {
  it("counts what is open in the unit of the line and leaves out what is done", () => {
    expect(openLines(lines, progress, "received")).toMatchObject([
      { id: 1, quantity: "5", done: "1.5", open: "3.5" },
    ]);
  });

  it("asks for everything without naming lines, else for what was typed", () => {
    const open = openLines(lines, progress, "received");
    expect(chosenLines(open, {})).toBe("all");
    expect(chosenLines(open, { 1: "２" })).toEqual([{ id: 1, quantity: "2" }]);
    expect(chosenLines(open, { 1: "" })).toBeNull();
    expect(chosenLines(open, { 1: "two" })).toBeNull();
  });

  it("knows its purpose from the declaration, or where there is one only", () => {
    const meta = (purpose: string | null) =>
      ({ conversions: [{ target: "receipt", label: "", purpose }] }) as unknown as RecordMeta;
    expect(purposeOf(meta(null), "receipt", progress)).toBe("received");
    expect(purposeOf(meta("received"), "receipt", progress)).toBe("received");
    expect(purposeOf(meta("paid"), "receipt", progress)).toBeNull();
  });
});
