/** Options of a collection from the server, kept for a short while so that typing stays quick. */
import { useEffect, useState } from "react";
import { type QueryClient, keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import * as calls from "../api/calls";
import type { Option } from "../api/shapes";
import { isRef } from "../meta/values";
import type { Json } from "../api/json";
import type { PickContext } from "./types";

/** What an option may be asked for beside the words: the field it is for, the item of a lot. */
export type Asked = Record<string, number | string>;

const FRESH_MS = 20_000;
const TYPING_MS = 120;

export const optionsQuery = (collection: string, search: string, context: PickContext, extra: Asked = {}) =>
  queryOptions({
    queryKey: ["options", collection, search, { ...context, day: null }, extra],
    queryFn: ({ signal }) =>
      calls.options(
        collection,
        {
          search,
          limit: 20,
          party: context.party,
          place: context.place,
          document_type: context.documentType,
          ...extra,
        },
        signal,
      ),
    staleTime: FRESH_MS,
  });

/** The text after a short pause, so that not every letter asks the server. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** The options for what was typed; null until those for exactly this text are here. */
export function useOptions(
  collection: string,
  text: string,
  context: PickContext,
  extra: Asked = {},
  enabled = true,
): Option[] | null {
  const settled = useSettled(text);
  const { data } = useQuery({ ...optionsQuery(collection, settled.trim(), context, extra), enabled });
  return settled === text && data ? data : null;
}

/** For a form: the last options stay on screen until the next are here; `current` tells that they are. */
export function useFormOptions(
  collection: string,
  text: string,
  context: PickContext,
  enabled: boolean,
  extra: Asked = {},
) {
  const settled = useSettled(text);
  const { data, isFetching, isPlaceholderData } = useQuery({
    ...optionsQuery(collection, settled.trim(), context, extra),
    enabled,
    placeholderData: keepPreviousData,
  });
  return { data, isFetching, current: settled === text && data !== undefined && !isPlaceholderData };
}

/** The option whose code (or, for scanned goods, barcode) is exactly this text, or the only one found. */
export async function findByCode(
  client: QueryClient,
  collection: string,
  text: string,
  context: PickContext,
  extra: Asked = {},
): Promise<Option | null> {
  const wanted = text.trim();
  const found = await client.fetchQuery(optionsQuery(collection, wanted, context, extra));
  const exact = found.find((option) => [option.code, option.label, option.barcode].includes(wanted));
  return exact ?? (found.length === 1 ? (found[0] ?? null) : null);
}

/** The full option behind a stored item, with its units, stock and prices. */
export function useItemOption(item: Json | undefined, context: PickContext): Option | null {
  const ref = isRef(item) ? item : null;
  const { data } = useQuery({
    ...optionsQuery("items", ref?.code ?? "", context),
    enabled: ref !== null,
  });
  return data?.find((option) => option.id === ref?.id) ?? null;
}
