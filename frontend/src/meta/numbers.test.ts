import { describe, expect, it } from "vitest";
import { formatDecimal, readDecimal, sum } from "./numbers";

describe("numbers", () => {
  it.each([
    ["1,234.50", "1234.5"],
    ["￥1 000", "1000"],
    ["１２．５", "12.5"],
    ["(12)", "-12"],
    ["-0.5", "-0.5"],
    [".5", "0.5"],
  ])("reads %s as %s", (text, expected) => {
    expect(readDecimal(text)?.toString()).toBe(expected);
  });

  it.each(["abc", "1.2.3", "1e5", "", "--1"])("refuses %s", (text) => {
    expect(readDecimal(text)).toBeNull();
  });

  it("shows thousands and the decimals that are asked for", () => {
    expect(formatDecimal("1234567.5", 2, 2)).toBe("1,234,567.50");
    expect(formatDecimal("-1234.567", 0, 6)).toBe("-1,234.567");
    expect(formatDecimal("0.005", 2, 2)).toBe("0.01");
    expect(formatDecimal(null, 2, 2)).toBe("");
  });

  it("adds decimal strings without losing a cent", () => {
    expect(sum(Array.from({ length: 1000 }, () => "0.10")).toString()).toBe("100");
  });
});
