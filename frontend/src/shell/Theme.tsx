/** The look: antd's compact theme in calm colours, and the same colours as CSS variables for our own parts. */
import { type ReactNode, useLayoutEffect } from "react";
import { App, ConfigProvider, theme } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import type { Preferences } from "./preferences";

const FONT =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';

function Variables() {
  const { token } = theme.useToken();
  useLayoutEffect(() => {
    const variables: Record<string, string> = {
      "--hc-text": token.colorText,
      "--hc-dim": token.colorTextTertiary,
      "--hc-secondary": token.colorTextSecondary,
      "--hc-bg": token.colorBgContainer,
      "--hc-page": token.colorBgLayout,
      "--hc-raised": token.colorBgElevated,
      "--hc-line": token.colorBorderSecondary,
      "--hc-border": token.colorBorder,
      "--hc-fill": token.colorFillQuaternary,
      "--hc-hover": token.colorFillTertiary,
      "--hc-primary": token.colorPrimary,
      "--hc-primary-bg": token.colorPrimaryBg,
      "--hc-primary-hover": token.colorPrimaryBgHover,
      "--hc-error": token.colorError,
      "--hc-error-bg": token.colorErrorBg,
      "--hc-success": token.colorSuccess,
      "--hc-warning": token.colorWarning,
      "--hc-shadow": token.boxShadowSecondary,
    };
    for (const [name, value] of Object.entries(variables))
      document.documentElement.style.setProperty(name, value);
  }, [token]);
  return null;
}

export function Theme({ preferences, children }: { preferences: Preferences; children: ReactNode }) {
  const { dark, language } = preferences;
  dayjs.locale(language === "zh" ? "zh-cn" : "en");
  return (
    <ConfigProvider
      locale={language === "zh" ? zhCN : enUS}
      button={{ autoInsertSpace: false }}
      theme={{
        algorithm: dark
          ? [theme.darkAlgorithm, theme.compactAlgorithm]
          : [theme.defaultAlgorithm, theme.compactAlgorithm],
        token: {
          colorPrimary: dark ? "#4a94c4" : "#1f6391",
          colorPrimaryBg: dark ? "#16293a" : "#e7f1f8",
          colorPrimaryBgHover: dark ? "#1c3448" : "#d6e7f3",
          controlItemBgActive: dark ? "#16293a" : "#e7f1f8",
          colorInfoBg: dark ? "#16293a" : "#e7f1f8",
          ...(dark ? { colorBgBase: "#15171a", colorBgLayout: "#0e1012" } : {}),
          colorInfo: dark ? "#4a94c4" : "#1f6391",
          fontFamily: FONT,
          fontSize: 14,
          borderRadius: 4,
          motionDurationMid: "0.12s",
          motionDurationSlow: "0.16s",
        },
        components: {
          Menu: {
            itemHeight: 30,
            itemSelectedBg: dark ? "#16293a" : "#e7f1f8",
            subMenuItemBg: "transparent",
          },
          Tabs: { cardHeight: 32 },
        },
      }}
    >
      <App message={{ maxCount: 3 }}>
        <Variables />
        {children}
      </App>
    </ConfigProvider>
  );
}
