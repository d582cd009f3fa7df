/** The bar on top: the book, search, language, light or dark, the user. */
import { Button, Dropdown } from "antd";
import {
  GlobalOutlined,
  LogoutOutlined,
  MenuOutlined,
  MoonOutlined,
  SearchOutlined,
  SunOutlined,
  UserOutlined,
} from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { useMeta } from "../meta/context";
import { AlertBell } from "./AlertBell";
import { type Preferences } from "./preferences";

interface TopBarProps {
  name: string;
  preferences: Preferences;
  onMenu: () => void;
  onSearch: () => void;
  onOpen: (path: string) => void;
  onLogOut: () => void;
}

export function TopBar({ name, preferences, onMenu, onSearch, onOpen, onLogOut }: TopBarProps) {
  const { t } = useTranslation();
  const { book } = useMeta();
  const { dark, language, setDark, setLanguage } = preferences;
  return (
    <header className="hc-top">
      <Button type="text" icon={<MenuOutlined />} aria-label={t("shell.menu")} onClick={onMenu} />
      <span className="hc-brand">{t("shell.brand")}</span>
      <span className="hc-book">{book.name}</span>
      <span className="hc-spring" />
      <button type="button" className="hc-search-button" aria-label={t("search.label")} onClick={onSearch}>
        <SearchOutlined />
        <span>{t("search.placeholder_short")}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <AlertBell onOpen={onOpen} />
      <Button
        type="text"
        icon={<GlobalOutlined />}
        aria-label={t("shell.language")}
        title={t("shell.language")}
        onClick={() => setLanguage(language === "zh" ? "en" : "zh")}
      />
      <Button
        type="text"
        icon={dark ? <SunOutlined /> : <MoonOutlined />}
        aria-label={dark ? t("shell.light") : t("shell.dark")}
        title={dark ? t("shell.light") : t("shell.dark")}
        onClick={() => setDark(!dark)}
      />
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [{ key: "out", icon: <LogoutOutlined />, label: t("shell.log_out"), onClick: onLogOut }],
        }}
      >
        <Button type="text" icon={<UserOutlined />} aria-label={t("shell.user", { name })}>
          <span className="hc-user-name">{name}</span>
        </Button>
      </Dropdown>
    </header>
  );
}
