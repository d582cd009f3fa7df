/** 首页 Home: how it stands today, what waits, what warns, what sells. */
import { Suspense, lazy } from "react";
import { useQuery } from "@tanstack/react-query";
import { Empty, Result, Spin, Tag } from "antd";
import { useTranslation } from "react-i18next";
import * as calls from "../api/calls";
import { messageOf } from "../api/client";
import { isObject } from "../api/check";
import type { Json } from "../api/json";
import type { Home, Link } from "../api/shapes";
import { kindOf } from "../fields";
import { pathOf } from "../meta/context";
import { type Decimal, formatDecimal, toDecimal } from "../meta/numbers";
import { textOf } from "../meta/values";
import { plainField } from "../views/list/state";
import { useTab } from "../views/tabs";

const TrendChart = lazy(() => import("./TrendChart"));

/** The address a link of the server stands for. */
export function addressOf(link: Link): string {
  const path = pathOf(link.kind, link.name);
  if (isObject(link.parameters)) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(link.parameters))
      if (value !== null) query.set(name, textOf(value));
    return `${path}?${query.toString()}`;
  }
  return link.where ? `${path}?where=${encodeURIComponent(JSON.stringify(link.where))}` : path;
}

/** By how much a figure is above or below the one before, in per cent; null where there is nothing to compare. */
function change(value: Json, previous: Json): Decimal | null {
  const [now, before] = [toDecimal(value), toDecimal(previous)];
  return now && before && !before.isZero()
    ? now.minus(before).div(before.abs()).times(100).toDecimalPlaces(1)
    : null;
}

function Figure({ figure }: { figure: Home["figures"][number] }) {
  const { t } = useTranslation();
  const tab = useTab();
  const kind = kindOf(figure.kind);
  const difference = change(figure.value, figure.previous);
  const { link } = figure;
  return (
    <button
      type="button"
      className="hc-figure"
      disabled={!link}
      data-testid={`figure-${figure.name}`}
      onClick={() => link && tab.open(addressOf(link))}
    >
      <span className="hc-dim">{figure.label}</span>
      <b className="hc-num">
        <kind.Cell field={plainField(figure.name, figure.label, figure.kind)} value={figure.value} />
      </b>
      <span className="hc-dim hc-num">
        {difference === null ? (
          <>&nbsp;</>
        ) : (
          <>
            {t(figure.period === "month" ? "home.than_last_month" : "home.than_yesterday")}{" "}
            <span className={difference.isNegative() ? "hc-down" : "hc-up"}>
              {difference.isNegative() ? "\u2193" : "\u2191"} {difference.abs().toString()}%
            </span>
          </>
        )}
      </span>
    </button>
  );
}

interface Entry {
  name: string;
  label: string;
  count: number;
  link: Link | null;
  tone?: string;
}

function Entries({ entries, title, none }: { entries: readonly Entry[]; title: string; none: string }) {
  const tab = useTab();
  return (
    <section className="hc-card">
      <h3>{title}</h3>
      {entries.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={none} />}
      {entries.map(({ name, label, count, link, tone }) => (
        <button
          key={name}
          type="button"
          className="hc-entry"
          disabled={!link}
          onClick={() => link && tab.open(addressOf(link))}
        >
          <span>{label}</span>
          <Tag color={count === 0 ? undefined : tone && tone !== "default" ? tone : "processing"}>
            {count}
          </Tag>
        </button>
      ))}
    </section>
  );
}

function BestSellers({ rows }: { rows: Home["best_sellers"] }) {
  const { t } = useTranslation();
  return (
    <section className="hc-card">
      <h3>{t("home.best_sellers")}</h3>
      {rows.length === 0 && (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("home.nothing_sold")} />
      )}
      {rows.length > 0 && (
        <table className="hc-plain-table">
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                <td className="hc-dim">{index + 1}</td>
                <td>{textOf(row.item)}</td>
                <td className="hc-right hc-num">{formatDecimal(row.quantity, 0, 2)}</td>
                <td className="hc-right hc-num">{formatDecimal(row.amount, 2, 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

export function HomePage() {
  const { t } = useTranslation();
  const { data, error } = useQuery({ queryKey: ["home"], queryFn: calls.home, refetchInterval: 60_000 });
  if (error && !data) return <Result status="warning" title={messageOf(error, t("error.network"))} />;
  if (!data) return <Spin className="hc-loading" />;
  return (
    <div className="hc-view hc-home" data-testid="home">
      <div className="hc-figures">
        {data.figures.map((figure) => (
          <Figure key={figure.name} figure={figure} />
        ))}
      </div>
      <div className="hc-home-grid">
        <section className="hc-card hc-card-wide">
          <h3>{t("home.trend")}</h3>
          <Suspense fallback={<div className="hc-chart" />}>
            <TrendChart trend={data.trend} />
          </Suspense>
        </section>
        <Entries entries={data.todo} title={t("home.todo")} none={t("home.all_done")} />
        <BestSellers rows={data.best_sellers} />
        <Entries entries={data.alerts} title={t("home.alerts")} none={t("home.no_alerts")} />
      </div>
    </div>
  );
}
