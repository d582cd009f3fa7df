/** 单价 Price: two decimals at least, six at most. */
import { numericKind } from "./numeric";

export const price = numericKind({
  kind: "price",
  width: 104,
  least: () => 2,
  most: (field) => Math.max(2, field.scale ?? 6),
});
