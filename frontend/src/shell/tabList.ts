/** 多页签 The open tabs: pure, so that opening, closing and going back have their tests. */
import { isObject } from "../api/check";
import type { Json } from "../api/json";

export interface Tab {
  /** Names the tab for as long as it is open; its address may change. */
  key: string;
  path: string;
  search: string;
  title: string;
}

export const HOME: Tab = { key: "home", path: "/", search: "", title: "" };
export const MOST_TABS = 20;

let lastKey = 0;
const nextKey = (): string => {
  lastKey += 1;
  return `${Date.now().toString(36)}-${lastKey}`;
};

/** The tabs once the address is this: an open tab takes it over, else a new one stands at the end. */
export function arrive(tabs: readonly Tab[], path: string, search: string): Tab[] {
  const found = tabs.find((tab) => tab.path === path);
  if (found) {
    if (found.search === search) return tabs as Tab[];
    return tabs.map((tab) => (tab === found ? { ...tab, search } : tab));
  }
  return [...tabs, { key: nextKey(), path, search, title: "" }];
}

/** The tabs with these pages beside them, each named; those that are open already stay as they are. */
export function joined(tabs: readonly Tab[], pages: readonly { path: string; title: string }[]): Tab[] {
  const fresh = pages.filter(({ path }) => !tabs.some((tab) => tab.path === path));
  return [...tabs, ...fresh.map(({ path, title }) => ({ key: nextKey(), path, search: "", title }))];
}

/** The tabs once this one has another address; a tab that had that address gives way. */
export const move = (tabs: readonly Tab[], key: string, path: string, search: string): Tab[] =>
  tabs
    .filter((tab) => tab.key === key || tab.path !== path)
    .map((tab) => (tab.key === key ? { ...tab, path, search } : tab));

export const rename = (tabs: readonly Tab[], key: string, title: string): Tab[] =>
  tabs.map((tab) => (tab.key === key && tab.title !== title ? { ...tab, title } : tab));

/** Where to go when this tab closes: its right neighbour, else its left, else home. */
export function neighbour(tabs: readonly Tab[], key: string): Tab {
  const index = tabs.findIndex((tab) => tab.key === key);
  return tabs[index + 1] ?? tabs[index - 1] ?? HOME;
}

/** The first free address for a new record: new, new-2, new-3 … */
export function freeNew(tabs: readonly Tab[], base: string): string {
  for (let count = 1; ; count += 1) {
    const path = `${base}/new${count === 1 ? "" : `-${count}`}`;
    if (!tabs.some((tab) => tab.path === path)) return path;
  }
}

export const packTabs = (tabs: readonly Tab[]): Json => tabs.map((tab) => ({ ...tab }));

export function unpackTabs(packed: Json): Tab[] {
  const tabs = (Array.isArray(packed) ? packed : []).filter(isObject).flatMap(({ path, search, title }) => {
    if (typeof path !== "string" || path === "/") return [];
    return [{ key: nextKey(), path, search: String(search ?? ""), title: String(title ?? "") }];
  });
  return [HOME, ...tabs];
}
