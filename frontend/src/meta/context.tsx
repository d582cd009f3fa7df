/** The declarations and the user at hand, for every room above. */
import { createContext, useContext } from "react";
import { get } from "../api/client";
import { meta as checkMeta } from "./check";
import type { Meta, RecordMeta } from "./types";

export interface Place {
  meta: Meta;
  username: string;
  userId: number;
}

const PlaceContext = createContext<Place | null>(null);
export const PlaceProvider = PlaceContext.Provider;

/** The declarations and the user; only below the login. */
export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (!place) throw new Error("usePlace outside of PlaceProvider");
  return place;
}

export const useMeta = (): Meta => usePlace().meta;

export const readMeta = (): Promise<Meta> => get("/meta", checkMeta);

/** The document type or master with this name. */
export const recordOf = (meta: Meta, name: string): RecordMeta | null =>
  meta.documents[name] ?? meta.masters[name] ?? null;

/** The document type or master behind a collection, such as what a ref points to. */
export const recordOfCollection = (meta: Meta, collection: string): RecordMeta | null =>
  [...Object.values(meta.masters), ...Object.values(meta.documents)].find(
    (entry) => entry.collection === collection,
  ) ?? null;

/** The address of a list, a record or a report inside the program. */
export const pathOf = (kind: string, name: string, id?: number | string): string =>
  `/${kind}s/${name}${id === undefined ? "" : `/${id}`}`;
