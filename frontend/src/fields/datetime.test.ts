import { describe, expect, it } from "vitest";
import { formatInstant } from "./datetime";

describe("an instant", () => {
  it("is shown in the wall time the server wrote, whatever the zone of the browser", () => {
    expect(formatInstant("2026-11-24T09:30:15.123+08:00")).toBe("2026-11-24 09:30");
    expect(formatInstant("2026-11-24T23:59:00Z")).toBe("2026-11-24 23:59");
  });

  it("shows what it cannot read as it is", () => {
    expect(formatInstant("soon")).toBe("soon");
    expect(formatInstant(null)).toBe("");
  });
});
