/** 比率 Rate: a fraction, shown and typed as a percentage. */
import { numericKind } from "./numeric";

export const rate = numericKind({
  kind: "rate",
  width: 76,
  least: () => 0,
  most: (field) => Math.max(0, (field.scale ?? 6) - 2),
  factor: 100,
  suffix: "%",
});
