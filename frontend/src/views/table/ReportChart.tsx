/** 图 The line that a report declares over its rows, a line for each of its series; ECharts comes in a chunk of its own. */
import { useEffect, useRef } from "react";
import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { theme } from "antd";
import type { Json, JsonObject } from "../../api/json";
import { formatDecimal } from "../../meta/numbers";
import type { ChartMeta } from "../../meta/types";
import { pointsOf } from "./chart";

echarts.use([LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

interface ReportChartProps {
  chart: ChartMeta;
  label: string;
  rows: readonly JsonObject[];
  onPick?: (row: JsonObject) => void;
}

const numberOf = (value: Json): number | null => (value === null ? null : Number(value));

export default function ReportChart({ chart, label, rows, onPick }: ReportChartProps) {
  const { token } = theme.useToken();
  const element = useRef<HTMLDivElement>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  useEffect(() => {
    if (!element.current) return;
    const drawn = echarts.init(element.current);
    const { days, series } = pointsOf(chart, rows);
    const axis = {
      axisLine: { lineStyle: { color: token.colorBorder } },
      axisLabel: { color: token.colorTextTertiary },
    };
    const colors = [token.colorPrimary, token.colorWarning, token.colorSuccess, token.purple6, token.cyan6];
    drawn.setOption({
      animation: false,
      color: colors,
      grid: { left: 8, right: 16, top: series.length > 1 ? 36 : 12, bottom: 4, containLabel: true },
      legend: {
        show: series.length > 1,
        type: "scroll",
        top: 0,
        icon: "roundRect",
        itemWidth: 16,
        itemHeight: 3,
        textStyle: { color: token.colorTextSecondary },
      },
      tooltip: {
        trigger: "axis",
        confine: true,
        backgroundColor: token.colorBgElevated,
        borderColor: token.colorBorder,
        textStyle: { color: token.colorText },
        valueFormatter: (value: unknown) => formatDecimal(value, 2, 2),
      },
      xAxis: { type: "category", data: days.map((day) => day.slice(5)), ...axis },
      yAxis: { type: "value", splitLine: { lineStyle: { color: token.colorBorderSecondary } }, ...axis },
      series: series.map(({ name, points }) => ({
        name,
        type: "line" as const,
        step: "end" as const,
        lineStyle: { width: 2 },
        data: points.map((row) => {
          const value = row ? numberOf(row[chart.y] ?? null) : null;
          const below = value !== null && value < 0;
          return {
            value,
            symbol: below ? "circle" : "none",
            symbolSize: 6,
            ...(below && { itemStyle: { color: token.colorError } }),
          };
        }),
      })),
    });
    drawn.on("click", ({ seriesIndex, dataIndex }) => {
      const row = series[seriesIndex ?? 0]?.points[dataIndex];
      if (row) pick.current?.(row);
    });
    const observer = new ResizeObserver(() => drawn.resize());
    observer.observe(element.current);
    return () => {
      observer.disconnect();
      drawn.dispose();
    };
  }, [chart, rows, token]);
  return (
    <div ref={element} className="hc-report-chart" role="img" aria-label={label} data-testid="report-chart" />
  );
}
