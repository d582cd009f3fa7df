/** The buttons of a document: what the server allows now, or, before the first save, what a draft will allow. */
import type { Allowed, Stored } from "../../api/shapes";
import { allowedOf } from "../../api/shapes";
import type { RecordMeta, TransitionMeta } from "../../meta/types";

export interface Buttons {
  transitions: (Allowed & { declared: TransitionMeta | undefined })[];
  conversions: Allowed[];
  /** Writing down how the goods get on. */
  shipping: Allowed | null;
  canSave: boolean;
  canCopy: Allowed | null;
  canDelete: Allowed | null;
}

const DRAFT = "draft";
const action = (name: string, enabled: boolean): Allowed => ({
  name,
  label: "",
  kind: "action",
  enabled,
  reason: null,
});

export function buttonsOf(meta: RecordMeta, stored: Stored | null): Buttons {
  if (!stored) {
    const first = meta.transitions.filter((entry) => entry.primary && entry.from.includes(DRAFT));
    return {
      transitions: first.map((declared) => ({
        name: declared.name,
        label: declared.label,
        kind: "transition",
        enabled: true,
        reason: null,
        declared,
      })),
      conversions: [],
      shipping: null,
      canSave: meta.permissions.create,
      canCopy: null,
      canDelete: null,
    };
  }
  const allowed = allowedOf(stored);
  const find = (name: string) => allowed.find((entry) => entry.kind === "action" && entry.name === name);
  const declaredOf = (name: string) => meta.transitions.find((entry) => entry.name === name);
  const isDraft = stored.state === DRAFT;
  return {
    transitions: allowed
      .filter((entry) => entry.kind === "transition")
      .map((entry) => ({ ...entry, declared: declaredOf(entry.name) })),
    conversions: allowed.filter((entry) => entry.kind === "conversion"),
    shipping: allowed.find((entry) => entry.kind === "shipping") ?? null,
    canSave: find("save")?.enabled ?? find("change")?.enabled ?? (isDraft && meta.permissions.change),
    canCopy: find("copy") ?? (meta.permissions.create ? action("copy", true) : null),
    canDelete:
      find("delete") ??
      (isDraft && !stored.number && meta.permissions.delete ? action("delete", true) : null),
  };
}
