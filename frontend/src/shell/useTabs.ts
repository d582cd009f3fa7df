/** The tabs in step with the address: deep links open one, Back goes to the one before, a reload keeps them. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { App } from "antd";
import { useTranslation } from "react-i18next";
import { usePlace } from "../meta/context";
import { forget, recall, remember } from "../meta/storage";
import {
  HOME,
  MOST_TABS,
  type Tab,
  arrive,
  freeNew,
  joined,
  move,
  neighbour,
  packTabs,
  rename,
  unpackTabs,
} from "./tabList";

const KEY = "tabs";

interface Surroundings {
  username: string;
  tabs: () => readonly Tab[];
  active: () => Tab;
  dirty: () => ReadonlySet<string>;
  change: (tabs: Tab[]) => void;
  setDirty: (change: (before: ReadonlySet<string>) => ReadonlySet<string>) => void;
  go: (path: string, replace: boolean) => void;
  askDiscard: (titles: string) => Promise<boolean>;
  warnMany: () => void;
}

/** Takes tabs away, with the drafts that were given up, and goes to a neighbour where the one in front went. */
function drop(around: Surroundings, keys: readonly string[]): void {
  const tabs = around.tabs();
  for (const tab of tabs.filter(({ key }) => keys.includes(key) && around.dirty().has(key))) {
    const [, , name, id] = tab.path.split("/");
    if (name && id) forget(around.username, `draft:${name}:${id}`);
  }
  const { key: current } = around.active();
  const rest = tabs.filter((tab) => tab.key === current || !keys.includes(tab.key));
  const target = keys.includes(current) ? neighbour(rest, current) : null;
  around.change(tabs.filter((tab) => !keys.includes(tab.key)));
  around.setDirty((before) => new Set([...before].filter((key) => !keys.includes(key))));
  if (target) around.go(target.path + target.search, true);
}

async function close(around: Surroundings, keys: readonly string[]): Promise<void> {
  const wanted = keys.filter((key) => key !== HOME.key);
  const unsaved = around.tabs().filter((tab) => wanted.includes(tab.key) && around.dirty().has(tab.key));
  if (unsaved.length > 0 && !(await around.askDiscard(unsaved.map(({ title }) => title).join(", ")))) return;
  drop(around, wanted);
}

function replace(around: Surroundings, key: string, path: string): void {
  const [target = "/", query] = path.split("?");
  const known = around.tabs().some((tab) => tab.key === key);
  around.change(move(around.tabs(), key, target, query === undefined ? "" : `?${query}`));
  if (known && around.active().key === key) around.go(path, true);
}

function actionsOf(around: Surroundings) {
  const open = (path: string) => {
    const [target = "/"] = path.split("?");
    const known = around.tabs().some((tab) => tab.path === target);
    if (!known && around.tabs().length >= MOST_TABS) around.warnMany();
    around.go(path, false);
  };
  return {
    open,
    openAll: (pages: readonly { path: string; title: string }[]) => {
      around.change(joined(around.tabs(), pages));
      const [first] = pages;
      if (first) open(first.path);
    },
    openNew: (base: string) => open(freeNew(around.tabs(), base)),
    close: (keys: readonly string[]) => close(around, keys),
    drop: (keys: readonly string[]) => drop(around, keys),
    replace: (key: string, path: string) => replace(around, key, path),
    setTitle: (key: string, title: string) => {
      const next = rename(around.tabs(), key, title);
      if (next.some((tab, index) => tab !== around.tabs()[index])) around.change(next);
    },
    setDirty: (key: string, isDirty: boolean) =>
      around.setDirty((before) => {
        if (before.has(key) === isDirty) return before;
        return isDirty ? new Set([...before, key]) : new Set([...before].filter((entry) => entry !== key));
      }),
  };
}

/** The state of the tabs, in step with the address, and readable at once after a change. */
function useTabState() {
  const { username } = usePlace();
  const { pathname, search } = useLocation();
  const [tabs, setTabs] = useState<Tab[]>(() => arrive(unpackTabs(recall(username, KEY)), pathname, search));
  const [dirty, setDirty] = useState<ReadonlySet<string>>(new Set());
  const active = tabs.find((tab) => tab.path === pathname) ?? HOME;
  const latest = useRef({ tabs, dirty, active });
  latest.current = { tabs: latest.current.tabs, dirty, active };
  const change = useCallback(
    (next: Tab[]) => {
      latest.current = { ...latest.current, tabs: next };
      setTabs(next);
      remember(username, KEY, packTabs(next));
    },
    [username],
  );
  useEffect(() => {
    const next = arrive(latest.current.tabs, pathname, search);
    if (next !== latest.current.tabs) change(next);
  }, [change, pathname, search]);
  useEffect(() => {
    if (dirty.size === 0) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [dirty]);
  return { username, tabs, active, dirty, setDirty, change, latest };
}

export function useTabs() {
  const { username, tabs, active, dirty, setDirty, change, latest } = useTabState();
  const navigate = useNavigate();
  const { modal, message } = App.useApp();
  const { t } = useTranslation();
  const actions = useMemo(
    () =>
      actionsOf({
        username,
        tabs: () => latest.current.tabs,
        active: () => latest.current.active,
        dirty: () => latest.current.dirty,
        change,
        setDirty,
        go: (path, instead) => void navigate(path, { replace: instead }),
        askDiscard: async (titles) =>
          modal.confirm({
            title: t("tabs.unsaved", { titles }),
            okText: t("tabs.discard"),
            cancelText: t("record.cancel"),
          }),
        warnMany: () => void message.info(t("tabs.many", { count: MOST_TABS })),
      }),
    [change, latest, message, modal, navigate, setDirty, t, username],
  );
  return { tabs, active, dirty, ...actions };
}

export type TabActions = ReturnType<typeof useTabs>;
