/** Which columns, in which order and how wide: per user and per list, kept in this browser. */
import { useCallback, useMemo, useState } from "react";
import { isObject } from "../../api/check";
import { usePlace } from "../../meta/context";
import { forget, recall, remember } from "../../meta/storage";
import type { FieldMeta } from "../../meta/types";

export interface ColumnSettings {
  /** Null until the user chose columns: then what is declared is shown, also when it changes. */
  columns: string[] | null;
  widths: Record<string, number>;
}

const NOTHING: ColumnSettings = { columns: null, widths: {} };

function read(username: string, key: string): ColumnSettings {
  const kept = recall(username, key);
  if (!isObject(kept)) return NOTHING;
  const columns = Array.isArray(kept.columns) ? kept.columns.filter((name) => typeof name === "string") : [];
  const widths: Record<string, number> = {};
  if (isObject(kept.widths)) {
    for (const [name, width] of Object.entries(kept.widths))
      if (typeof width === "number") widths[name] = width;
  }
  return { columns: columns.length > 0 ? columns : null, widths };
}

/** The fields of these columns, in their order. */
export const chooseColumns = (fields: readonly FieldMeta[], columns: readonly string[]): FieldMeta[] =>
  columns.flatMap((name) => fields.find((field) => field.name === name) ?? []);

export function useColumnSettings(key: string, declared: string[]) {
  const { username } = usePlace();
  const [settings, setSettings] = useState(() => read(username, key));
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
      widths: settings.widths,
      columns: settings.columns ?? declared,
      setColumns: (columns: string[]) => keep((now) => ({ ...now, columns })),
      setWidth: (name: string, width: number) =>
        keep((now) => ({ ...now, widths: { ...now.widths, [name]: width } })),
      reset: () => {
        forget(username, key);
        setSettings(NOTHING);
      },
    }),
    [declared, keep, key, settings, username],
  );
}
