import { describe, expect, it } from "vitest";
import type { OpenSource } from "../../api/shapes";
import { chosenLines, choiceOf } from "./conversion";

const line = (id: number, open: string) => ({
  id,
  item: { id: 5, code: "M6", label: "螺丝" },
  unit: { id: 2, label: "盒" },
  quantity: "5",
  done: "0",
  open,
});
const source = (id: number, ...lines: ReturnType<typeof line>[]): OpenSource => ({
  id,
  label: `CGDD-${id}`,
  document_date: "2026-11-24",
  open: "1",
  lines,
});

describe("conversion", () => {
  it("asks for everything without naming lines, else for what was typed", () => {
    const open = [line(1, "3.5")];
    expect(chosenLines(open, {})).toBe("all");
    expect(chosenLines(open, { 1: "２" })).toEqual([{ id: 1, quantity: "2" }]);
    expect(chosenLines(open, { 1: "" })).toBeNull();
    expect(chosenLines(open, { 1: "two" })).toBeNull();
  });

  it("names the other documents of which something is taken, and lines only where not everything is", () => {
    const documents = [
      source(7, line(1, "3.5"), line(2, "4")),
      source(8, line(3, "1")),
      source(9, line(4, "2")),
    ];
    expect(choiceOf(documents, {})).toEqual({ also: [8, 9], lines: null });
    expect(choiceOf(documents.slice(0, 1), {})).toEqual({ also: [], lines: null });
    expect(choiceOf(documents, { 1: "", 3: "", 4: "1" })).toEqual({
      also: [9],
      lines: [
        { id: 2, quantity: "4" },
        { id: 4, quantity: "1" },
      ],
    });
    expect(choiceOf(documents, { 1: "", 2: "", 3: "", 4: "" })).toBeNull();
  });

  it("can leave the document itself out while others go on", () => {
    const documents = [source(7, line(1, "3.5")), source(8, line(3, "1"))];
    expect(choiceOf(documents, { 1: "" })).toEqual({ also: [8], lines: [{ id: 3, quantity: "1" }] });
  });
});
