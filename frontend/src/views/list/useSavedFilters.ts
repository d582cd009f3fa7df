/** 常用筛选 The user's kept filters: read once, known to every list, written through the server. */
import { useMemo } from "react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import { messageOf } from "../../api/client";
import type { JsonObject } from "../../api/json";
import type { SavedFilter } from "../../api/shapes";
import { usePlace } from "../../meta/context";

const FRESH_MS = 300_000;
const NONE: SavedFilter[] = [];

export interface SavedFilters {
  /** Those of this list, by name. */
  filters: SavedFilter[];
  /** Whether it is known which there are, or that they cannot be had. */
  ready: boolean;
  /** Each gives the filters after it, null where the server refused, which has been said then. */
  save: (name: string, content: JsonObject, isDefault: boolean) => Promise<SavedFilter[] | null>;
  change: (
    id: number,
    change: { name?: string; content?: JsonObject; is_default?: boolean },
  ) => Promise<SavedFilter[] | null>;
  remove: (id: number) => Promise<SavedFilter[] | null>;
}

export function useSavedFilters(list: string): SavedFilters {
  const { username } = usePlace();
  const { message } = App.useApp();
  const { t } = useTranslation();
  const client = useQueryClient();
  const key = useMemo(() => ["saved_filters", username], [username]);
  const query = useQuery({ queryKey: key, queryFn: calls.savedFilters, staleTime: FRESH_MS });
  const filters = useMemo(() => query.data?.filter((one) => one.list === list) ?? NONE, [list, query.data]);
  return useMemo(() => {
    const done = async (work: Promise<SavedFilter[]>) => {
      try {
        const all = await work;
        client.setQueryData(key, all);
        return all.filter((one) => one.list === list);
      } catch (failure) {
        void message.error(messageOf(failure, t("error.network")), 6);
        return null;
      }
    };
    return {
      filters,
      ready: !query.isPending,
      save: (name, content, isDefault) => done(calls.saveFilter(list, name, content, isDefault)),
      change: (id, change) => done(calls.changeFilter(id, change)),
      remove: (id) => done(calls.deleteFilter(id)),
    };
  }, [client, filters, key, list, message, query.isPending, t]);
}
