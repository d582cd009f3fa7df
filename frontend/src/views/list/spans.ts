/** 期间 Spans of days that have a name: a filter that was kept for this month stays one for this month. */
import dayjs from "dayjs";
import type { Json } from "../../api/json";

type Span = [string, string];

const iso = (day: dayjs.Dayjs): string => day.format("YYYY-MM-DD");

/** By name, which is also their i18n key under `list.`; the first that fits names a span. */
export const SPANS: Record<string, (today: string) => Span> = {
  today: (today) => [iso(dayjs(today)), iso(dayjs(today))],
  this_month: (today) => [iso(dayjs(today).startOf("month")), iso(dayjs(today).endOf("month"))],
  last_month: (today) => {
    const month = dayjs(today).subtract(1, "month");
    return [iso(month.startOf("month")), iso(month.endOf("month"))];
  },
  three_months: (today) => [iso(dayjs(today).subtract(3, "month").add(1, "day")), iso(dayjs(today))],
  this_year: (today) => [iso(dayjs(today).startOf("year")), iso(dayjs(today).endOf("year"))],
  last_year: (today) => {
    const year = dayjs(today).subtract(1, "year");
    return [iso(year.startOf("year")), iso(year.endOf("year"))];
  },
};

/** The name of a span of days, if it has one today. */
export function nameOfSpan(value: Json, today: string): string | null {
  const text = JSON.stringify(value);
  return Object.keys(SPANS).find((name) => JSON.stringify(SPANS[name]?.(today)) === text) ?? null;
}
