import { describe, expect, it } from "vitest";
import type { RecordMeta, ReportMeta } from "../../meta/types";
import { chosenOf, commandsFor } from "./LineCommands";

const document = (id: number) => ({ id, type: "sales_order", label: `XSDD-${id}` });

describe("line commands", () => {
  it("go to each document once, with the lines that were chosen of it", () => {
    const rows = [
      { id: 1, document: document(7) },
      { id: 2, document: document(8) },
      { id: 3, document: document(7) },
      { id: null, document: document(9) },
    ];
    expect(chosenOf(rows).map(({ id, lines, label }) => [id, lines, label])).toEqual([
      [7, [1, 3], "XSDD-7"],
      [8, [2], "XSDD-8"],
    ]);
  });

  it("are those that fit what was asked for and that this user may give", () => {
    const report = {
      commands: [
        { name: "release", when: { shown: ["held"] } },
        { name: "hold", when: { shown: ["lacking"] } },
        { name: "reassign", when: {} },
      ],
    } as unknown as ReportMeta;
    const transitions = ["release", "hold"].map((name) => ({ name, by_line: true }));
    const documents = { sales_order: { transitions } as unknown as RecordMeta };
    expect(commandsFor(report, { shown: "held" }, documents).map(({ name }) => name)).toEqual(["release"]);
    expect(commandsFor(report, { shown: "lacking" }, documents).map(({ name }) => name)).toEqual(["hold"]);
  });
});
