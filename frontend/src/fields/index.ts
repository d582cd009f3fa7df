/** The field kinds by name. A new kind is one file beside these and one entry here. */
import { boolean } from "./boolean";
import { choice } from "./choice";
import { date } from "./date";
import { datetime } from "./datetime";
import { document } from "./document";
import { integer } from "./integer";
import { longtext } from "./longtext";
import { lot } from "./lot";
import { money } from "./money";
import { price } from "./price";
import { quantity } from "./quantity";
import { rate } from "./rate";
import { ref } from "./ref";
import { serials } from "./serials";
import { text } from "./text";
import type { FieldKind } from "./types";
import { unit } from "./unit";

const KINDS: readonly FieldKind[] = [
  text,
  longtext,
  integer,
  quantity,
  price,
  money,
  rate,
  date,
  datetime,
  boolean,
  choice,
  ref,
  document,
  unit,
  lot,
  serials,
];

const registry = new Map(KINDS.map((kind) => [kind.kind, kind]));

/** The kind with this name; one that this version does not know is shown as text. */
export const kindOf = (kind: string): FieldKind => registry.get(kind) ?? text;

export type { FieldKind, PickContext, PickerHandle } from "./types";
