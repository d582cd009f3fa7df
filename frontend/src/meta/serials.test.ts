import { describe, expect, it } from "vitest";
import { readSerials, repeatedSerials, runningSerials, serialsOf } from "./serials";

describe("serial numbers", () => {
  it("are read one a line, between commas and tabs, without empty ones", () => {
    expect(readSerials("A1\nA2\r\n\n A3 ,A4，A5\tA6、A7")).toEqual([
      "A1",
      "A2",
      "A3",
      "A4",
      "A5",
      "A6",
      "A7",
    ]);
    expect(readSerials("  \n ")).toEqual([]);
  });

  it("run on from a first one, as wide as its digits are", () => {
    expect(runningSerials("SN-098", 3)).toEqual(["SN-098", "SN-099", "SN-100"]);
    expect(runningSerials("99X", 2)).toEqual(["99X", "100X"]);
    expect(runningSerials("ABC", 2)).toEqual([]);
    expect(runningSerials("12345678901234567890", 2)[1]).toBe("12345678901234567891");
  });

  it("are told when they occur twice, here or in another line", () => {
    expect(repeatedSerials(["A", "B", "A", "C"], new Set(["C"]))).toEqual(["A", "C"]);
    expect(serialsOf(null)).toEqual([]);
  });
});
