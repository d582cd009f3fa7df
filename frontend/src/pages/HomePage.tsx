/** 首页 Home: how it stands today, what waits, what warns, what sells. */
import { Suspense, lazy } from "react";
import { useQuery } from "@tanstack/react-query";
import { Empty, Result, Spin, Tag } from "antd";
import { useTranslation } from "react-i18next";
import * as calls from "../api/calls";
import { messageOf } from "../api/client";
import type { Json } from "../api/json";
import type { Home, Link } from "../api/shapes";
import { kindOf } from "../fields";
import { addressOf } from "../meta/links";
import { type Decimal, formatDecimal, toDecimal } from "../meta/numbers";
import { textOf } from "../meta/values";
import { plainField } from "../views/list/state";
import { useTab } from "../views/tabs";

const TrendChart = lazy(() => import("./TrendChart"));

/** By how much a figure is above or below the one before, in per cent; null where there is nothing to compare. */
function change(value: Json, previous: Json): Decimal | null {
  const [now, before] = [toDecimal(value), toDecimal(previous)];
  return now && before && !before.isZero()
    ? now.minus(before).div(before.abs()).times(100).toDecimalPlaces(1)
    : null;
}

type FigureData = Home["figures"][number];

function FigureValue({ figure }: { figure: FigureData }) {
  const kind = kindOf(figure.kind);
  return <kind.Cell field={plainField(figure.name, figure.label, figure.kind)} value={figure.value} />;
}

/** By how much it is above or below the same time before. */
function Difference({ figure }: { figure: FigureData }) {
  const { t } = useTranslation();
  const difference = change(figure.value, figure.previous);
  if (difference === null) return null;
  const down = difference.isNegative();
  return (
    <span className="hc-difference">
      <span className="hc-dim">
        {t(figure.period === "month" ? "home.than_last_month" : "home.than_yesterday")}
      </span>{" "}
      <span className={down ? "hc-down" : "hc-up"}>
        {down ? "\u2193" : "\u2191"} {difference.abs().toString()}%
      </span>
    </span>
  );
}

/** A level, or a flow of today with that of its month below; each leads to what it is made of. */
function Figure({ figure, month }: { figure: FigureData; month: FigureData | undefined }) {
  const tab = useTab();
  const open = ({ link }: FigureData) => link && tab.open(addressOf(link));
  return (
    <div className="hc-figure">
      <button
        type="button"
        disabled={!figure.link}
        data-testid={`figure-${figure.name}`}
        onClick={() => open(figure)}
      >
        <span className="hc-dim">{figure.label}</span>
        <b className="hc-num">
          <FigureValue figure={figure} />
        </b>
      </button>
      {month && (
        <button
          type="button"
          className="hc-figure-month hc-num"
          disabled={!month.link}
          data-testid={`figure-${month.name}`}
          onClick={() => open(month)}
        >
          <span>
            <span className="hc-dim">{month.label}</span> <FigureValue figure={month} />
          </span>
          <Difference figure={month} />
        </button>
      )}
    </div>
  );
}

const MONTH = "_month";

/** Flows in the first row, levels in the second. */
function Figures({ figures }: { figures: readonly FigureData[] }) {
  const monthOf = (name: string) => figures.find((figure) => figure.name === name + MONTH);
  const own = figures.filter(
    ({ name }) =>
      !name.endsWith(MONTH) || !figures.some((figure) => figure.name === name.slice(0, -MONTH.length)),
  );
  const flows = own.filter(({ name }) => monthOf(name));
  const rows = [flows, own.filter((figure) => !flows.includes(figure))];
  return rows
    .filter((row) => row.length > 0)
    .map((row) => (
      <div key={row[0]?.name} className={row === flows ? "hc-figures" : "hc-figures hc-levels"}>
        {row.map((figure) => (
          <Figure key={figure.name} figure={figure} month={monthOf(figure.name)} />
        ))}
      </div>
    ));
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
    <section className="hc-card hc-home-best">
      <h3>{t("home.best_sellers")}</h3>
      {rows.length === 0 && (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("home.nothing_sold")} />
      )}
      {rows.length > 0 && (
        <table className="hc-plain-table hc-best">
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
      <Figures figures={data.figures} />
      <div className="hc-home-grid">
        <section className="hc-card hc-home-trend">
          <h3>{t("home.trend")}</h3>
          <Suspense fallback={<div className="hc-chart" />}>
            <TrendChart trend={data.trend} />
          </Suspense>
        </section>
        <BestSellers rows={data.best_sellers} />
        <div className="hc-home-side">
          <Entries entries={data.todo} title={t("home.todo")} none={t("home.all_done")} />
          <Entries entries={data.alerts} title={t("home.alerts")} none={t("home.no_alerts")} />
        </div>
      </div>
    </div>
  );
}
