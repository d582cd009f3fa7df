import { describe, expect, it } from "vitest";
import { assign } from "./assign";

const documents = [
  { id: 1, number: "XSCK-20260302-0001" },
  { id: 2, number: "XSCK-20260302-0002" },
  { id: 3, number: "XSCK-20260302-0003" },
];

describe("pasted tracking numbers", () => {
  it("go to the documents in their order", () => {
    expect(assign("SF1\n\n SF2 \nSF3", documents)).toEqual({
      numbers: { 1: "SF1", 2: "SF2", 3: "SF3" },
      left: [],
    });
  });

  it("go to the document they name, the others to those that are left", () => {
    expect(assign("XSCK-20260302-0003\tSF9\nSF1\nxsck-20260302-0003\tSF8", documents)).toEqual({
      numbers: { 1: "SF1", 3: "SF9 SF8" },
      left: [],
    });
  });

  it("may be several of one document in a line", () => {
    expect(assign("SF1, SF2\nSF3", documents.slice(0, 1))).toEqual({
      numbers: { 1: "SF1 SF2" },
      left: ["SF3"],
    });
  });
});
