/** The row of tabs: a click shows, the cross or the middle button closes, the menu closes the others. */
import { Dropdown, Tabs } from "antd";
import { useTranslation } from "react-i18next";
import type { Tab } from "./tabList";
import { HOME } from "./tabList";
import type { TabActions } from "./useTabs";

export function TabBar({ tabs, active, dirty, open, close }: TabActions) {
  const { t } = useTranslation();
  const label = (tab: Tab) => (tab.key === HOME.key ? t("shell.home") : tab.title || tab.path);
  const menu = (tab: Tab) => ({
    items: [
      {
        key: "close",
        label: t("tabs.close"),
        disabled: tab.key === HOME.key,
        onClick: () => void close([tab.key]),
      },
      {
        key: "others",
        label: t("tabs.close_others"),
        onClick: () => void close(tabs.filter((other) => other.key !== tab.key).map(({ key }) => key)),
      },
      { key: "all", label: t("tabs.close_all"), onClick: () => void close(tabs.map(({ key }) => key)) },
    ],
  });
  return (
    <Tabs
      className="hc-tabs"
      type="editable-card"
      size="small"
      hideAdd
      activeKey={active.key}
      onChange={(key) => {
        const tab = tabs.find((entry) => entry.key === key);
        if (tab) open(tab.path + tab.search);
      }}
      onEdit={(key, action) => action === "remove" && typeof key === "string" && void close([key])}
      items={tabs.map((tab) => ({
        key: tab.key,
        closable: tab.key !== HOME.key,
        label: (
          <Dropdown menu={menu(tab)} trigger={["contextMenu"]}>
            <span
              className="hc-tab-label"
              onAuxClick={(event) => event.button === 1 && tab.key !== HOME.key && void close([tab.key])}
            >
              {dirty.has(tab.key) && <i className="hc-dot" aria-label={t("record.unsaved")} />}
              {label(tab)}
            </span>
          </Dropdown>
        ),
      }))}
    />
  );
}
