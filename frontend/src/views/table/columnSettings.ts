/** Which columns, in which order and how wide: per user and per list, kept in this browser. */
import { useCallback, useMemo, useState } from "react";
import { isObject } from "../../api/check";
import { usePlace } from "../../meta/context";
import { forget, recall, remember } from "../../meta/storage";

export interface ColumnSettings {
  columns: string[];
  widths: Record<string, number>;
}

function read(username: string, key: string, fallback: string[]): ColumnSettings {
  const kept = recall(username, key);
  if (!isObject(kept)) return { columns: fallback, widths: {} };
  const columns = Array.isArray(kept.columns)
    ? kept.columns.filter((name) => typeof name === "string")
    : fallback;
  const widths: Record<string, number> = {};
  if (isObject(kept.widths)) {
    for (const [name, width] of Object.entries(kept.widths))
      if (typeof width === "number") widths[name] = width;
  }
  return { columns: columns.length > 0 ? columns : fallback, widths };
}

export function useColumnSettings(key: string, fallback: string[]) {
  const { username } = usePlace();
  const [settings, setSettings] = useState(() => read(username, key, fallback));
  const keep = useCallback(
    (change: (now: ColumnSettings) => ColumnSettings) =>
      setSettings((now) => {
        const next = change(now);
        remember(username, key, { columns: next.columns, widths: next.widths });
        return next;
      }),
    [key, username],
  );
  return useMemo(
    () => ({
      ...settings,
      setColumns: (columns: string[]) => keep((now) => ({ ...now, columns })),
      setWidth: (name: string, width: number) =>
        keep((now) => ({ ...now, widths: { ...now.widths, [name]: width } })),
      reset: () => {
        forget(username, key);
        setSettings({ columns: fallback, widths: {} });
      },
    }),
    [fallback, keep, key, settings, username],
  );
}
