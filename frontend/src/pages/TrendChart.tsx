/** Sales and purchases by day; ECharts comes in a chunk of its own, when first needed. */
import { useEffect, useRef } from "react";
import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { theme } from "antd";
import { useTranslation } from "react-i18next";
import type { Home } from "../api/shapes";
import { formatDecimal } from "../meta/numbers";

echarts.use([LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export default function TrendChart({ trend }: { trend: Home["trend"] }) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!element.current) return;
    const chart = echarts.init(element.current);
    const axis = {
      axisLine: { lineStyle: { color: token.colorBorder } },
      axisLabel: { color: token.colorTextTertiary },
    };
    const series = (name: string, key: "sales" | "purchases", color: string) => ({
      name,
      type: "line" as const,
      showSymbol: false,
      lineStyle: { width: 2 },
      color,
      data: trend.map((point) => Number(point[key] ?? 0)),
    });
    chart.setOption({
      animation: false,
      grid: { left: 8, right: 12, top: 32, bottom: 4, containLabel: true },
      legend: {
        right: 0,
        top: 0,
        icon: "roundRect",
        itemWidth: 16,
        itemHeight: 3,
        textStyle: { color: token.colorTextSecondary },
      },
      tooltip: {
        trigger: "axis",
        backgroundColor: token.colorBgElevated,
        borderColor: token.colorBorder,
        textStyle: { color: token.colorText },
        valueFormatter: (value: unknown) => formatDecimal(value, 2, 2),
      },
      xAxis: { type: "category", data: trend.map(({ day }) => day.slice(5)), ...axis },
      yAxis: { type: "value", splitLine: { lineStyle: { color: token.colorBorderSecondary } }, ...axis },
      series: [
        series(t("home.sales"), "sales", token.colorPrimary),
        series(t("home.purchases"), "purchases", token.colorWarning),
      ],
    });
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element.current);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [t, token, trend]);
  return <div ref={element} className="hc-chart" role="img" aria-label={t("home.trend")} />;
}
