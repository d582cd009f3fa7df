import { describe, expect, it } from "vitest";
import { formatTsv, parseTsv } from "./tsv";

describe("ranges on the clipboard", () => {
  it("reads what Excel copies, with its last line break", () => {
    expect(parseTsv("A\t1\r\nB\t2\r\n")).toEqual([
      ["A", "1"],
      ["B", "2"],
    ]);
  });

  it("keeps empty cells, also at the end of a row", () => {
    expect(parseTsv("A\t\t3\nB\t\t\n")).toEqual([
      ["A", "", "3"],
      ["B", "", ""],
    ]);
  });

  it("reads quoted cells with tabs, line breaks and quotes", () => {
    expect(parseTsv('"a\tb"\t"c\nd"\t"say ""x"""\n')).toEqual([["a\tb", "c\nd", 'say "x"']]);
  });

  it('takes a quote inside of a cell as it is, as in 2" pipes', () => {
    expect(parseTsv('pipe 2"\t5')).toEqual([['pipe 2"', "5"]]);
  });

  it("writes what it reads", () => {
    const rows = [
      ["a\tb", 'say "x"'],
      ["c\nd", ""],
    ];
    expect(parseTsv(formatTsv(rows) + "\n")).toEqual(rows);
  });
});
