/** 常用筛选 A list's state as it is kept under a name, and back: what the user may no longer see is left out. */
import { isObject } from "../../api/check";
import type { Json, JsonObject } from "../../api/json";
import type { SavedFilter } from "../../api/shapes";
import { SPANS, nameOfSpan } from "./spans";
import { type Condition, type ListState, conditionsOf } from "./state";

/** The names of a list's fields, by what they are for. */
export interface Known {
  columns: readonly string[];
  quick: readonly string[];
  conditions: readonly string[];
}

const named = (value: Json, today: string): Json => {
  const name = nameOfSpan(value, today);
  return name === null ? value : { span: name };
};

const dated = (value: Json, today: string): Json => {
  const span = isObject(value) && typeof value.span === "string" ? SPANS[value.span] : undefined;
  return span ? span(today) : value;
};

const mapped = (record: JsonObject, change: (value: Json) => Json): JsonObject =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

const plain = ({ field, op, value }: Condition, change: (value: Json) => Json): JsonObject => ({
  field,
  op,
  value: change(value),
});

/** What is kept: filters, order and columns; spans of days by their name, so that they move on with the days. */
export function pack(state: ListState, columns: readonly string[], today: string): JsonObject {
  const set = Object.entries(state.quick).filter(([, value]) => value !== null);
  return {
    search: state.search,
    quick: mapped(Object.fromEntries(set), (value) => named(value, today)),
    conditions: state.conditions.map((entry) => plain(entry, (value) => named(value, today))),
    any: state.any,
    sort: state.sort,
    columns: [...columns],
  };
}

/** The state that a kept filter stands for today. */
export function unpack(filter: SavedFilter, first: ListState, known: Known, today: string): ListState {
  const { content } = filter;
  const quick = isObject(content.quick) ? mapped(content.quick, (value) => dated(value, today)) : {};
  const names = (Array.isArray(content.columns) ? content.columns : []).filter(
    (name): name is string => typeof name === "string" && known.columns.includes(name),
  );
  const conditions = conditionsOf(content.conditions).map((entry) => ({
    ...entry,
    value: dated(entry.value, today),
  }));
  const order = (typeof content.sort === "string" ? content.sort : "")
    .split(",")
    .filter((name) => name === "id" || known.columns.includes(name.replace(/^-/, "")));
  return {
    search: typeof content.search === "string" ? content.search : "",
    quick: Object.fromEntries(Object.entries(quick).filter(([name]) => known.quick.includes(name))),
    conditions: conditions.filter(({ field }) => known.conditions.includes(field)),
    any: content.any === true,
    sort: order.length > 0 ? order.join(",") : first.sort,
    columns: names.length > 0 ? names : null,
    filter: filter.id,
  };
}

/** Keys in one order, so that what a database has stored compares with what is on screen. */
const ordered = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, ordered(value[key] ?? null)]),
  );
};

/** Whether what is on screen is what was kept. */
export const isUnchanged = (
  filter: SavedFilter,
  state: ListState,
  columns: readonly string[],
  today: string,
): boolean =>
  JSON.stringify(ordered(pack(state, columns, today))) === JSON.stringify(ordered(filter.content));
