/** 站内消息 The bell: what the user is told of, how much of it is new, and the way to each list. */
import { useState } from "react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Badge, Button, Popover, Tag } from "antd";
import { BellOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import * as calls from "../api/calls";
import type { Alert } from "../api/shapes";
import { addressOf } from "../meta/links";

const EVERY_MS = 60_000;
const KEY = ["alerts"];

function Messages({ alerts, onOpen }: { alerts: readonly Alert[]; onOpen: (path: string) => void }) {
  const { t } = useTranslation();
  if (alerts.length === 0) return <div className="hc-dim">{t("home.no_alerts")}</div>;
  return (
    <div className="hc-messages">
      {alerts.map(({ name, label, count, link, tone, new: fresh }) => (
        <button
          key={name}
          type="button"
          className="hc-entry"
          data-testid={`message-${name}`}
          disabled={!link}
          onClick={() => link && onOpen(addressOf(link))}
        >
          <span>
            {label}
            {fresh > 0 && <span className="hc-new"> {t("alerts.new", { count: fresh })}</span>}
          </span>
          <Tag color={tone === "default" ? undefined : tone}>{count}</Tag>
        </button>
      ))}
    </div>
  );
}

export function AlertBell({ onOpen }: { onOpen: (path: string) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const { data } = useQuery({ queryKey: KEY, queryFn: calls.alerts, refetchInterval: EVERY_MS });
  const alerts = data ?? [];
  const fresh = alerts.reduce((sum, alert) => sum + alert.new, 0);
  const change = (shown: boolean) => {
    setOpen(shown);
    // What was new stays marked while it is looked at, and is known once the list is closed.
    if (!shown && fresh > 0)
      void calls.seeAlerts().then(
        (known) => client.setQueryData(KEY, known),
        () => undefined,
      );
  };
  const go = (path: string) => {
    change(false);
    onOpen(path);
  };
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={change}
      title={t("alerts.title")}
      content={<Messages alerts={alerts} onOpen={go} />}
    >
      <Badge count={fresh} size="small" offset={[-6, 6]}>
        <Button type="text" icon={<BellOutlined />} aria-label={t("alerts.bell", { count: fresh })} />
      </Badge>
    </Popover>
  );
}
