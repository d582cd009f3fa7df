/** What a list shows: search, quick filters, built conditions and order; it lives in the address of the tab. */
import { isObject } from "../../api/check";
import type { Json, JsonObject } from "../../api/json";
import { ALERTS } from "../../meta/alerts";
import type { FieldMeta, RecordMeta } from "../../meta/types";
import { isEmpty, isRef, toWire } from "../../meta/values";
import { SPANS } from "./spans";

export interface Condition {
  field: string;
  op: string;
  value: Json;
}

export interface ListState {
  search: string;
  /** By field: what its quick filter is set to. */
  quick: Record<string, Json>;
  conditions: Condition[];
  /** Whether all conditions must hold, or any. */
  any: boolean;
  sort: string;
  /** Columns of a kept filter; null for those the user has chosen for this list. */
  columns: string[] | null;
  /** The kept filter this started from. */
  filter: number | null;
}

/** How many quick filters are shown before the others are asked for. */
export const AT_HAND = 4;

/** Fields the server gives to every document, should the declaration not list them. */
const GIVEN: Record<string, { kind: string; label: string; total?: boolean }> = {
  number: { kind: "text", label: "field_name.number" },
  state: { kind: "choice", label: "field_name.state" },
  progress: { kind: "choice", label: "field_name.progress" },
  amount_net: { kind: "money", label: "field_name.amount_net", total: true },
  tax_amount: { kind: "money", label: "field_name.tax_amount", total: true },
  amount_gross: { kind: "money", label: "field_name.amount_gross", total: true },
  created_by: { kind: "text", label: "field_name.created_by" },
  created_at: { kind: "datetime", label: "field_name.created_at" },
  posted_by: { kind: "text", label: "field_name.posted_by" },
  posted_at: { kind: "datetime", label: "field_name.posted_at" },
};

const PROGRESS = ["none", "partial", "complete"];

export function plainField(name: string, label: string, kind: string): FieldMeta {
  return {
    name,
    label,
    kind,
    required: false,
    readonly: false,
    width: null,
    group: null,
    help: null,
    default: null,
    ref: null,
    choices: [],
    scale: null,
    total: false,
    drill: null,
    max_length: null,
    fills: {},
    inherits: null,
    when: {},
    later: false,
    sortable: true,
  };
}

/** The fields a list can show: the declared ones, and those every document has. */
export function listFields(meta: RecordMeta, t: (key: string) => string): FieldMeta[] {
  const declared = meta.fields.map((field) =>
    field.name === "state" && field.choices.length === 0
      ? { ...field, kind: "choice", choices: meta.states }
      : field,
  );
  const names = new Set(declared.map((field) => field.name));
  const wanted =
    meta.family === "document" ? Object.keys(GIVEN) : meta.list.columns.filter((name) => name in GIVEN);
  const given = wanted.flatMap((name) => {
    const spec = GIVEN[name];
    if (!spec || names.has(name)) return [];
    const field = { ...plainField(name, t(spec.label), spec.kind), total: spec.total ?? false };
    if (name === "state") field.choices = meta.states;
    if (name === "progress") {
      field.choices = PROGRESS.map((value) => ({ value, label: t(`progress.${value}`), tone: null }));
    }
    return [field];
  });
  return [
    ...given.filter(({ name }) => name === "number"),
    ...declared,
    ...given.filter(({ name }) => name !== "number"),
  ];
}

/** The goods of the lines, where there are such: "documents with this item". */
export function itemFilter(meta: RecordMeta): FieldMeta | null {
  for (const lines of meta.lines) {
    const item = lines.fields.find((field) => field.ref === "items");
    if (item && meta.family === "document")
      return { ...item, name: `${lines.name}.${item.name}`, required: false, readonly: false };
  }
  return null;
}

/** The quick filters of a list, those that every document type has first; search stands apart. */
export function quickFields(meta: RecordMeta, fields: readonly FieldMeta[]): FieldMeta[] {
  const named = meta.list.filters
    .filter((name) => name !== "number")
    .flatMap((name) => fields.find((field) => field.name === name) ?? [])
    .map((field) => ({ ...field, required: false, readonly: false }));
  const item = itemFilter(meta);
  const all = item ? [...named, item] : named;
  const weight = (field: FieldMeta) => (field.kind === "ref" ? 0 : field.kind === "date" ? 1 : 2);
  return all
    .map((field, index) => ({ field, index }))
    .sort((left, right) => weight(left.field) - weight(right.field) || left.index - right.index)
    .map(({ field }) => field);
}

/** The filter on the alerts that its rows can bear before this user; nothing where they bear none. */
export function alertFilter(meta: RecordMeta, label: string): FieldMeta[] {
  const field = { ...plainField(ALERTS, label, "choice"), choices: meta.alerts, sortable: false };
  return meta.alerts.length > 0 ? [field] : [];
}

/** The quick filters with the one on alerts: at hand in a list of masters; documents keep their dates and parties there. */
export function withAlerts(
  meta: RecordMeta,
  quick: readonly FieldMeta[],
  alerts: readonly FieldMeta[],
): FieldMeta[] {
  const at = meta.family === "master" ? AT_HAND - 1 : quick.length;
  return [...quick.slice(0, at), ...alerts, ...quick.slice(at)];
}

/** What a list of this type starts with: of documents the last three months, as everybody expects. */
export function firstState(meta: RecordMeta, quick: readonly FieldMeta[], today: string): ListState {
  const date = meta.family === "document" ? quick.find((field) => field.kind === "date") : undefined;
  return {
    search: "",
    quick: date ? { [date.name]: SPANS.three_months?.(today) ?? null } : {},
    conditions: [],
    any: false,
    sort: meta.list.sort,
    columns: null,
    filter: null,
  };
}

/** Reads the state out of the address: `first` where it has none; `where`, which links carry, is put on the standard. */
export function stateOf(search: string, first: ListState, standard: ListState): ListState {
  const params = new URLSearchParams(search);
  const parse = (text: string | null): Json => {
    try {
      return text === null ? null : (JSON.parse(text) as Json);
    } catch {
      return null;
    }
  };
  const view = parse(params.get("view"));
  if (isObject(view)) {
    return {
      search: typeof view.search === "string" ? view.search : "",
      quick: isObject(view.quick) ? view.quick : {},
      conditions: conditionsOf(view.conditions),
      any: view.any === true,
      sort: typeof view.sort === "string" && view.sort ? view.sort : standard.sort,
      columns: Array.isArray(view.columns) ? view.columns.filter((name) => typeof name === "string") : null,
      filter: typeof view.filter === "number" ? view.filter : null,
    };
  }
  const where = parse(params.get("where"));
  return Array.isArray(where) ? { ...standard, quick: {}, conditions: conditionsOf(where) } : first;
}

export const conditionsOf = (value: Json | undefined): Condition[] =>
  (Array.isArray(value) ? value : [])
    .filter(isObject)
    .filter((entry) => typeof entry.field === "string" && typeof entry.op === "string")
    .map((entry) => ({ field: String(entry.field), op: String(entry.op), value: entry.value ?? null }));

export const addressOf = (state: ListState): string => `?view=${encodeURIComponent(JSON.stringify(state))}`;

const wireList = (value: Json): Json =>
  Array.isArray(value) ? value.map((entry) => toWire(entry)) : toWire(value);

/** One quick filter as a condition: a range, one of several, a thing, or a piece of text. */
function quickCondition(field: FieldMeta, value: Json): JsonObject | null {
  if (isEmpty(value)) return null;
  if (field.kind === "date" || field.kind === "datetime") return { field: field.name, op: "between", value };
  if (Array.isArray(value)) return { field: field.name, op: "in", value: wireList(value) };
  if (isRef(value) || field.kind === "choice" || field.kind === "boolean") {
    return { field: field.name, op: "eq", value: toWire(value) };
  }
  return { field: field.name, op: "contains", value };
}

/** The condition list the server understands. */
export function whereOf(state: ListState, quick: readonly FieldMeta[]): JsonObject[] {
  const where = quick.flatMap((field): JsonObject[] => {
    const condition = quickCondition(field, state.quick[field.name] ?? null);
    return condition ? [condition] : [];
  });
  const built = state.conditions
    .filter(({ op, value }) => op === "empty" || !isEmpty(value))
    .map(({ field, op, value }): JsonObject => ({
      field,
      op,
      value: op === "empty" ? value !== false : wireList(value),
    }));
  if (built.length === 0) return where;
  return state.any ? [...where, { any: built }] : [...where, ...built];
}
