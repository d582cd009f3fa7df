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
  move,
  neighbour,
  packTabs,
  rename,
  unpackTabs,
} from "./tabList";

const KEY = "tabs";

export function useTabs() {
  const { username } = usePlace();
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const { modal, message } = App.useApp();
  const { t } = useTranslation();
  const [tabs, setTabs] = useState<Tab[]>(() => arrive(unpackTabs(recall(username, KEY)), pathname, search));
  const latest = useRef(tabs);
  const [dirty, setDirty] = useState<ReadonlySet<string>>(new Set());

  const change = useCallback(
    (next: Tab[]) => {
      latest.current = next;
      setTabs(next);
      remember(username, KEY, packTabs(next));
    },
    [username],
  );
  useEffect(() => {
    const next = arrive(latest.current, pathname, search);
    if (next !== latest.current) change(next);
  }, [change, pathname, search]);
  useEffect(() => {
    if (dirty.size === 0) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [dirty]);

  const active = tabs.find((tab) => tab.path === pathname) ?? HOME;
  const dirtyNow = useRef(dirty);
  dirtyNow.current = dirty;
  const activeNow = useRef(active);
  activeNow.current = active;

  const actions = useMemo(() => {
    const open = (path: string) => {
      const [target = "/"] = path.split("?");
      const known = latest.current.some((tab) => tab.path === target);
      if (!known && latest.current.length >= MOST_TABS)
        void message.info(t("tabs.many", { count: MOST_TABS }));
      void navigate(path);
    };
    const drop = (keys: readonly string[]) => {
      const gone = latest.current.filter((tab) => keys.includes(tab.key));
      for (const tab of gone) {
        const [, family, name, id] = tab.path.split("/");
        if (family && name && id && dirtyNow.current.has(tab.key)) forget(username, `draft:${name}:${id}`);
      }
      const current = activeNow.current;
      const target = keys.includes(current.key)
        ? neighbour(
            latest.current.filter((tab) => tab.key === current.key || !keys.includes(tab.key)),
            current.key,
          )
        : null;
      change(latest.current.filter((tab) => !keys.includes(tab.key)));
      setDirty((before) => new Set([...before].filter((key) => !keys.includes(key))));
      if (target) void navigate(target.path + target.search, { replace: true });
    };
    const close = async (keys: readonly string[]) => {
      const wanted = keys.filter((key) => key !== HOME.key);
      const unsaved = latest.current.filter(
        (tab) => wanted.includes(tab.key) && dirtyNow.current.has(tab.key),
      );
      if (unsaved.length > 0) {
        const sure = await modal.confirm({
          title: t("tabs.unsaved", { titles: unsaved.map(({ title }) => title).join(", ") }),
          okText: t("tabs.discard"),
          cancelText: t("record.cancel"),
        });
        if (!sure) return;
      }
      drop(wanted);
    };
    return {
      open,
      close,
      drop,
      openNew: (base: string) => open(freeNew(latest.current, base)),
      replace: (key: string, path: string) => {
        const [target = "/", query] = path.split("?");
        const address = query === undefined ? "" : `?${query}`;
        const before = latest.current.find((tab) => tab.key === key);
        change(move(latest.current, key, target, address));
        if (before && activeNow.current.key === key) void navigate(path, { replace: true });
      },
      setTitle: (key: string, title: string) => {
        const next = rename(latest.current, key, title);
        if (next.some((tab, index) => tab !== latest.current[index])) change(next);
      },
      setDirty: (key: string, isDirty: boolean) =>
        setDirty((before) => {
          if (before.has(key) === isDirty) return before;
          const next = new Set(before);
          if (isDirty) next.add(key);
          else next.delete(key);
          return next;
        }),
    };
  }, [change, message, modal, navigate, t, username]);
  return { tabs, active, dirty, ...actions };
}

export type TabActions = ReturnType<typeof useTabs>;
