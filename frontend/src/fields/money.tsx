/** 金额 Money: to the cent; whatever else has a fixed number of decimals (a percentage) says how many. */
import type { FieldMeta } from "../meta/types";
import { numericKind } from "./numeric";

const decimals = ({ scale }: FieldMeta): number => scale ?? 2;

export const money = numericKind({ kind: "money", width: 116, least: decimals, most: decimals });
