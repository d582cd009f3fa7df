/** The calls of the contract, one function each. */
import { type Query, get, post, put, remove, withQuery } from "./client";
import { json, jsonObject } from "./check";
import type { Json, JsonObject } from "./json";
import * as shapes from "./shapes";

export const readSession = (): Promise<shapes.Session> => get("/auth/session", shapes.session);
export const logIn = (username: string, password: string): Promise<shapes.Session> =>
  post("/auth/login", shapes.session, { username, password });
export const logOut = (): Promise<JsonObject> => post("/auth/logout", jsonObject);
export const changePassword = (old: string, fresh: string): Promise<shapes.Session> =>
  post("/auth/password", shapes.session, { old, new: fresh });

export const list = (collection: string, query: Query, signal?: AbortSignal): Promise<shapes.ListAnswer> =>
  get(`/${collection}`, shapes.listAnswer, query, signal);
export const options = async (
  collection: string,
  query: Query,
  signal?: AbortSignal,
): Promise<shapes.Option[]> => (await get(`/${collection}/options`, shapes.options, query, signal)).rows;
export const serialsInStock = (collection: string, item: number, place: number): Promise<string[]> =>
  get(`/${collection}/serials_in_stock`, shapes.serialsInStock, { item, place });
export const suggestLots = (
  collection: string,
  day: Json,
  lines: readonly JsonObject[],
): Promise<shapes.SuggestedLine[]> =>
  post(`/${collection}/suggest_lots`, shapes.suggestedLots, { document_date: day, lines: [...lines] });
/** The items of a family for the lines of a document, with stock and prices. */
export const matrix = (collection: string, family: number, query: Query): Promise<shapes.Matrix> =>
  get(`/${collection}/${family}/matrix`, shapes.matrix, query);
/** What a family could be made into, with other values in the place of its own where they are given, by axis. */
export const variants = (
  collection: string,
  family: number,
  chosen: Record<number, number[]>,
): Promise<shapes.VariantPreview> =>
  get(
    `/${collection}/${family}/variants`,
    shapes.variantPreview,
    Object.fromEntries(Object.entries(chosen).map(([at, ids]) => [`chosen_${at}`, ids.join(",")])),
  );
export const generate = (
  collection: string,
  family: number,
  wanted: { create: number[][]; retire: number[]; restore: number[]; apply: number[]; version?: number },
): Promise<shapes.Generated> => post(`/${collection}/${family}/variants`, shapes.generated, wanted);
export const upload = (collection: string, file: File, dryRun: boolean): Promise<shapes.ImportAnswer> => {
  const form = new FormData();
  form.set("file", file);
  return post(`/${collection}/import${dryRun ? "?dry_run=1" : ""}`, shapes.importAnswer, form);
};

export const reportAction = (
  report: string,
  action: string,
  query: Record<string, string>,
  file?: File,
): Promise<shapes.Told> => {
  const form = new FormData();
  if (file) form.set("file", file);
  return post(withQuery(`/reports/${report}/${action}`, query), shapes.told, file ? form : {});
};

export const read = (collection: string, id: number): Promise<shapes.Stored> =>
  get(`/${collection}/${id}`, shapes.stored);
export const create = (collection: string, body: JsonObject): Promise<shapes.Stored> =>
  post(`/${collection}`, shapes.stored, body);
export const update = (collection: string, id: number, body: JsonObject): Promise<shapes.Stored> =>
  put(`/${collection}/${id}`, shapes.stored, body);
export const erase = (collection: string, id: number): Promise<Json> =>
  remove(`/${collection}/${id}`, (value) => value as Json);

export const transition = (
  collection: string,
  id: number,
  name: string,
  version: number,
  reason: string | null,
  lines: readonly shapes.Part[] | null = null,
): Promise<shapes.Stored> =>
  post(`/${collection}/${id}/${name}`, shapes.stored, {
    version,
    ...(reason !== null && { reason }),
    ...(lines !== null && { lines: lines.map((line) => ({ ...line })) }),
  });
export const convert = (
  collection: string,
  id: number,
  target: string,
  also: number[] = [],
  lines: { id: number; quantity: string }[] | null = null,
): Promise<shapes.Stored> =>
  post(`/${collection}/${id}/convert/${target}`, shapes.stored, {
    ...(also.length > 0 && { also }),
    ...(lines !== null && { lines: lines.map((line) => ({ ...line })) }),
  });
/** The lines that a button of the form fills in from a draft as typed, by table. */
export const fillLines = async (
  collection: string,
  name: string,
  body: JsonObject,
): Promise<Record<string, JsonObject[]>> =>
  (await post(`/${collection}/fill/${name}`, shapes.filledLines, body)).lines;
export const copy = (collection: string, id: number): Promise<shapes.Stored> =>
  post(`/${collection}/${id}/copy`, shapes.stored, {});

export const ship = (collection: string, id: number, body: JsonObject): Promise<shapes.Stored> =>
  post(`/${collection}/${id}/ship`, shapes.stored, body);
export const shipMany = (collection: string, documents: JsonObject[]): Promise<Json> =>
  post(`/${collection}/ship`, (value) => value as Json, { documents });

const of = (collection: string, id: number, part: string): string => `/${collection}/${id}/${part}`;
export const trace = (collection: string, id: number): Promise<shapes.Trace> =>
  get(of(collection, id, "trace"), shapes.trace);
export const progress = (collection: string, id: number): Promise<shapes.LineProgress[]> =>
  get(of(collection, id, "progress"), shapes.lineProgress);
export const postings = (collection: string, id: number): Promise<shapes.Posting[]> =>
  get(of(collection, id, "postings"), shapes.postings);
export const preview = (collection: string, id: number): Promise<shapes.Preview> =>
  get(of(collection, id, "preview"), shapes.preview);
export const openSources = (
  collection: string,
  id: number,
  target: string,
  search = "",
): Promise<shapes.OpenSources> =>
  get(of(collection, id, `convert/${target}`), shapes.openSources, { search });
export const checklist = (collection: string, day: string, document: number): Promise<shapes.Checklist> =>
  get(`/${collection}/checklist`, shapes.checklist, { day, document: String(document) });
export const history = (collection: string, id: number): Promise<shapes.HistoryEntry[]> =>
  get(of(collection, id, "history"), shapes.history);
export const holdings = (collection: string, id: number): Promise<shapes.Holding[]> =>
  get(of(collection, id, "holdings"), shapes.holdings);
export const deliveries = (collection: string, id: number): Promise<shapes.Delivery[]> =>
  get(of(collection, id, "deliveries"), shapes.deliveries);
export const comments = (collection: string, id: number): Promise<shapes.Comment[]> =>
  get(of(collection, id, "comments"), shapes.comments);
export const addComment = (collection: string, id: number, text: string): Promise<Json> =>
  post(of(collection, id, "comments"), json, { text });
export const attachments = (collection: string, id: number): Promise<shapes.Attachment[]> =>
  get(of(collection, id, "attachments"), shapes.attachments);
export const attach = (collection: string, id: number, file: File): Promise<Json> => {
  const form = new FormData();
  form.set("file", file);
  return post(of(collection, id, "attachments"), json, form);
};

type FilterChange = { name?: string; content?: JsonObject; is_default?: boolean };
export const savedFilters = (): Promise<shapes.SavedFilter[]> => get("/saved_filters", shapes.savedFilters);
export const saveFilter = (
  list: string,
  name: string,
  content: JsonObject,
  isDefault: boolean,
): Promise<shapes.SavedFilter[]> =>
  post("/saved_filters", shapes.savedFilters, { list, name, content, is_default: isDefault });
export const changeFilter = (id: number, change: FilterChange): Promise<shapes.SavedFilter[]> =>
  put(`/saved_filters/${id}`, shapes.savedFilters, { ...change });
export const deleteFilter = (id: number): Promise<shapes.SavedFilter[]> =>
  remove(`/saved_filters/${id}`, shapes.savedFilters);

export const home = (): Promise<shapes.Home> => get("/home", shapes.home);
export const alerts = (): Promise<shapes.Alert[]> => get("/alerts", shapes.alerts);
export const seeAlerts = (): Promise<shapes.Alert[]> => post("/alerts/seen", shapes.alerts, {});
export const remedy = (report: string, name: string, rows: number[]): Promise<shapes.Made> =>
  post(`/reports/${report}/${name}`, shapes.made, { rows });
