/** The menu on the left, as /meta declares it. */
import { useMemo, useState } from "react";
import { Menu } from "antd";
import {
  AccountBookOutlined,
  AppstoreOutlined,
  BarChartOutlined,
  DatabaseOutlined,
  FileTextOutlined,
  HomeOutlined,
  InboxOutlined,
  MoneyCollectOutlined,
  SettingOutlined,
  ShoppingCartOutlined,
  ShoppingOutlined,
  ToolOutlined,
} from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { pathOf, useMeta } from "../meta/context";
import type { Meta, MenuEntry } from "../meta/types";

const ICONS: Record<string, React.ReactNode> = {
  purchasing: <ShoppingCartOutlined />,
  sales: <ShoppingOutlined />,
  inventory: <InboxOutlined />,
  settlement: <MoneyCollectOutlined />,
  accounting: <AccountBookOutlined />,
  finance: <MoneyCollectOutlined />,
  production: <ToolOutlined />,
  reports: <BarChartOutlined />,
  analytics: <BarChartOutlined />,
  masters: <DatabaseOutlined />,
  settings: <SettingOutlined />,
  documents: <FileTextOutlined />,
};

/** The label of a menu entry; null for what this user's /meta does not hold. */
export function entryLabel(meta: Meta, { kind, name }: MenuEntry): string | null {
  const held: Record<string, { label: string } | undefined> = {
    document: meta.documents[name],
    master: meta.masters[name],
    report: meta.reports[name],
    page: meta.pages[name],
  };
  return held[kind]?.label ?? null;
}

interface SideMenuProps {
  path: string;
  collapsed: boolean;
  onOpen: (path: string) => void;
}

export function SideMenu({ path, collapsed, onOpen }: SideMenuProps) {
  const { t } = useTranslation();
  const meta = useMeta();
  const items = useMemo(
    () => [
      { key: "/", icon: <HomeOutlined />, label: t("shell.home") },
      ...meta.menu.map((group) => ({
        key: group.name,
        icon: ICONS[group.name] ?? <AppstoreOutlined />,
        label: group.label,
        children: group.entries.flatMap((entry) => {
          const label = entryLabel(meta, entry);
          return label === null ? [] : [{ key: pathOf(entry.kind, entry.name), label }];
        }),
      })),
    ],
    [meta, t],
  );
  const shown = path.split("/").slice(0, 3).join("/");
  const group = meta.menu.find(({ entries }) =>
    entries.some((entry) => pathOf(entry.kind, entry.name) === shown),
  );
  const [open, setOpen] = useState<string[]>(() => meta.menu.map(({ name }) => name).slice(0, 4));
  return (
    <Menu
      className="hc-menu"
      mode="inline"
      inlineCollapsed={collapsed}
      inlineIndent={16}
      selectedKeys={[shown]}
      openKeys={collapsed ? undefined : [...new Set(group ? [...open, group.name] : open)]}
      onOpenChange={setOpen}
      items={items}
      onClick={({ key }) => onOpen(key)}
    />
  );
}
