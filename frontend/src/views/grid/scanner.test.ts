import { describe, expect, it } from "vitest";
import { NO_BURST, barcodeOf, feed } from "./scanner";

const type = (text: string, gap: number) =>
  [...text].reduce((state, key) => ({ burst: feed(state.burst, key, state.time), time: state.time + gap }), {
    burst: NO_BURST,
    time: 1000,
  });

describe("the scanner", () => {
  it("is told by its speed", () => {
    const { burst, time } = type("6901234500007", 12);
    expect(barcodeOf(burst, time)).toBe("6901234500007");
  });
  it("is not a person typing a long code", () => {
    const { burst, time } = type("6901234500007", 110);
    expect(barcodeOf(burst, time)).toBeNull();
  });
  it("is not a short number, however fast", () => {
    const { burst, time } = type("120", 10);
    expect(barcodeOf(burst, time)).toBeNull();
  });
  it("starts anew after a pause", () => {
    const first = type("abc", 10);
    const rest = [..."12345678"].reduce(
      (state, key) => ({ burst: feed(state.burst, key, state.time), time: state.time + 10 }),
      { burst: first.burst, time: first.time + 500 },
    );
    expect(barcodeOf(rest.burst, rest.time)).toBe("12345678");
  });
});
