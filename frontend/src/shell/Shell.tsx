/** The frame around every screen: menu, tabs, search; the panes themselves come from the pages. */
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { Drawer } from "antd";
import { useTranslation } from "react-i18next";
import { usePlace } from "../meta/context";
import { useHotkeys } from "../views/hotkeys";
import { usePhone } from "../views/phone";
import { CommandPalette } from "./CommandPalette";
import type { Preferences } from "./preferences";
import { SideMenu } from "./SideMenu";
import { TabBar } from "./TabBar";
import { TabPane } from "./TabPane";
import { TopBar } from "./TopBar";
import { type TabActions, useTabs } from "./useTabs";

interface ShellProps {
  routes: ReactNode;
  name: string;
  preferences: Preferences;
  onLogOut: () => void;
}

const COLLAPSED_KEY = "hengcang:menu-collapsed";

/** Tabs are drawn when first visited: after a reload only the one in front is. */
function useVisited(key: string): ReadonlySet<string> {
  const visited = useRef(new Set<string>());
  visited.current.add(key);
  return visited.current;
}

function useMenuState() {
  const phone = usePhone();
  const [collapsed, setCollapsed] = useState(() => localStorage.getItem(COLLAPSED_KEY) === "1");
  const [drawer, setDrawer] = useState(false);
  const toggle = () => {
    if (phone) setDrawer(true);
    else {
      localStorage.setItem(COLLAPSED_KEY, collapsed ? "0" : "1");
      setCollapsed(!collapsed);
    }
  };
  return { phone, collapsed, drawer, setDrawer, toggle };
}

function Panes({ tabs, routes }: { tabs: TabActions; routes: ReactNode }) {
  const visited = useVisited(tabs.active.key);
  return tabs.tabs
    .filter((tab) => visited.has(tab.key))
    .map((tab) => (
      <TabPane
        key={tab.key}
        tab={tab}
        active={tab.key === tabs.active.key}
        routes={routes}
        setTitle={tabs.setTitle}
        setDirty={tabs.setDirty}
        replace={tabs.replace}
        open={tabs.open}
        openAll={tabs.openAll}
        openNew={tabs.openNew}
        drop={tabs.drop}
      />
    ));
}

export function Shell({ routes, name, preferences, onLogOut }: ShellProps) {
  const { t } = useTranslation();
  const { meta } = usePlace();
  const tabs = useTabs();
  const menu = useMenuState();
  const [searching, setSearching] = useState(false);
  useHotkeys({ "Ctrl+K": () => setSearching(true) }, true);
  const closeSearch = useCallback(() => setSearching(false), []);
  useEffect(() => {
    const title = tabs.active.title || t("shell.home");
    document.title = `${title} · ${t("shell.brand")}`;
  }, [t, tabs.active.title]);
  const open = (path: string) => {
    menu.setDrawer(false);
    tabs.open(path);
  };
  const sideMenu = (
    <SideMenu path={tabs.active.path} collapsed={!menu.phone && menu.collapsed} onOpen={open} />
  );
  return (
    <div className="hc-shell">
      <TopBar
        name={name}
        preferences={preferences}
        onMenu={menu.toggle}
        onSearch={() => setSearching(true)}
        onOpen={open}
        onLogOut={onLogOut}
      />
      <div className="hc-body">
        {menu.phone ? (
          <Drawer
            open={menu.drawer}
            placement="left"
            size={260}
            title={meta.book.name}
            onClose={() => menu.setDrawer(false)}
            className="hc-menu-drawer"
          >
            {sideMenu}
          </Drawer>
        ) : (
          <nav
            className={menu.collapsed ? "hc-side hc-side-collapsed" : "hc-side"}
            aria-label={t("shell.menu")}
          >
            {sideMenu}
          </nav>
        )}
        <div className="hc-work">
          <TabBar {...tabs} />
          <Panes tabs={tabs} routes={routes} />
        </div>
      </div>
      <CommandPalette shown={searching} onClose={closeSearch} open={tabs.open} openNew={tabs.openNew} />
    </div>
  );
}
