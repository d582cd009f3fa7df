/** 数量 Quantity: as many decimals as it has, six at most. */
import { numericKind } from "./numeric";

export const quantity = numericKind({
  kind: "quantity",
  width: 96,
  least: () => 0,
  most: (field) => field.scale ?? 6,
});
