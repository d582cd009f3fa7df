/** One tab's content: kept alive behind the one in front, with an address of its own. */
import { type ReactNode, memo, useMemo } from "react";
import { Routes } from "react-router";
import { type TabHandle, TabContext } from "../views/tabs";
import type { Tab } from "./tabList";
import type { TabActions } from "./useTabs";

interface TabPaneProps extends Pick<
  TabActions,
  "setTitle" | "setDirty" | "replace" | "open" | "openAll" | "openNew" | "drop"
> {
  tab: Tab;
  active: boolean;
  /** The route table, made by the pages. */
  routes: ReactNode;
}

function TabPaneView({
  tab,
  active,
  routes,
  setTitle,
  setDirty,
  replace,
  open,
  openAll,
  openNew,
  drop,
}: TabPaneProps) {
  const { key, path, search } = tab;
  const handle = useMemo<TabHandle>(
    () => ({
      active,
      open,
      openAll,
      openNew,
      setTitle: (title) => setTitle(key, title),
      setDirty: (dirty) => setDirty(key, dirty),
      replace: (address) => replace(key, address),
      close: () => drop([key]),
    }),
    [active, drop, key, open, openAll, openNew, replace, setDirty, setTitle],
  );
  return (
    <main
      className="hc-pane"
      hidden={!active}
      aria-hidden={!active}
      data-testid={active ? "active-pane" : undefined}
    >
      <TabContext.Provider value={handle}>
        <Routes location={{ pathname: path, search, hash: "", state: null, key }}>{routes}</Routes>
      </TabContext.Provider>
    </main>
  );
}

export const TabPane = memo(TabPaneView);
