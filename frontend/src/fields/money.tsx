/** 金额 Money: to the cent. */
import { numericKind } from "./numeric";

export const money = numericKind({ kind: "money", width: 116, least: 2, most: () => 2 });
