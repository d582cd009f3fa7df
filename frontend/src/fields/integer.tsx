/** 整数 Integer. */
import { numericKind } from "./numeric";

export const integer = numericKind({
  kind: "integer",
  width: 80,
  least: () => 0,
  most: () => 0,
  plain: true,
});
