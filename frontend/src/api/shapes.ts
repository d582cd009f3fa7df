/** The shapes of the answers the screens rely on. */
import {
  type Check,
  array,
  boolean,
  json,
  jsonObject,
  nullable,
  number,
  object,
  record,
  string,
  withDefault,
} from "./check";
import type { Json, JsonObject } from "./json";

const text = withDefault(string, "");
const decimal = nullable<string>((value, path) =>
  typeof value === "number" ? String(value) : string(value, path),
);

export interface Session {
  authenticated: boolean;
  user: { id: number; username: string; display_name: string } | null;
  must_change_password: boolean;
}
export const session = object<Session>({
  authenticated: boolean,
  user: nullable(object({ id: number, username: string, display_name: text })),
  must_change_password: withDefault(boolean, false),
});

export type Row = JsonObject & { id: number };
const row: Check<Row> = (value, path) => {
  const source = jsonObject(value, path);
  number(source.id, `${path}.id`);
  return source as Row;
};

export interface ListAnswer {
  rows: Row[];
  next: string | null;
  count: number | null;
  count_capped: boolean;
  totals: Record<string, Json> | null;
}
export const listAnswer = object<ListAnswer>({
  rows: array(row),
  next: nullable(string),
  count: nullable(number),
  count_capped: withDefault(boolean, false),
  totals: nullable(record(json)),
});

export const serialsInStock: Check<string[]> = (value, path) =>
  array(string)(jsonObject(value, path).serials, `${path}.serials`);

export interface SuggestedPart {
  lot: JsonObject | null;
  place: JsonObject | null;
  quantity: string;
}
export interface SuggestedLine {
  unit: JsonObject | null;
  lots: SuggestedPart[];
  missing: string;
}
const suggestedLine = object<SuggestedLine>({
  unit: nullable(jsonObject),
  lots: array(
    object<SuggestedPart>({ lot: nullable(jsonObject), place: nullable(jsonObject), quantity: string }),
  ),
  missing: string,
});
export const suggestedLots: Check<SuggestedLine[]> = (value, path) =>
  array(suggestedLine)(jsonObject(value, path).lines, `${path}.lines`);

export type Option = JsonObject & { id: number; code: string; label: string };
const option: Check<Option> = (value, path) => {
  const source = jsonObject(value, path);
  return {
    ...source,
    id: number(source.id, `${path}.id`),
    code: text(source.code, `${path}.code`),
    label: text(source.label, `${path}.label`),
  };
};
export const options = object<{ rows: Option[] }>({ rows: array(option) });

export interface AxisOption {
  id: number;
  code: string;
  label: string;
}
const axisOption = object<AxisOption>({ id: number, code: text, label: string });

/** A family's items in use, each with its value on every axis, as a picker shows them. */
export interface Matrix {
  family: AxisOption;
  axes: { at: number; label: string; values: AxisOption[] }[];
  items: (Option & { variants: number[] })[];
}
const matrixItem: Check<Option & { variants: number[] }> = (value, path) => ({
  ...option(value, path),
  variants: array(number)(jsonObject(value, path).variants, `${path}.variants`),
});
export const matrix = object<Matrix>({
  family: axisOption,
  axes: array(object<Matrix["axes"][number]>({ at: number, label: string, values: array(axisOption) })),
  items: array(matrixItem),
});

/** A combination of values: an item that is, was, or could be. */
export interface VariantRow {
  variants: number[];
  code: string;
  name: string;
  spec: string;
  state: string;
  item: number | null;
  taken: boolean;
}
/** An item whose prices or tax are not those of its family, and what would change. */
export interface UnlikeItem {
  item: number;
  code: string;
  name: string;
  changes: { name: string; label: string; kind: string; before: string | null; after: string | null }[];
}
export interface VariantPreview {
  axes: { at: number; label: string; values: (AxisOption & { chosen: boolean })[] }[];
  rows: VariantRow[];
  unlike: UnlikeItem[];
  version: number;
  most: number;
}
export const variantPreview = object<VariantPreview>({
  axes: array(
    object<VariantPreview["axes"][number]>({
      at: number,
      label: string,
      values: array(
        object<AxisOption & { chosen: boolean }>({ id: number, code: text, label: string, chosen: boolean }),
      ),
    }),
  ),
  rows: array(
    object<VariantRow>({
      variants: array(number),
      code: string,
      name: string,
      spec: text,
      state: string,
      item: nullable(number),
      taken: boolean,
    }),
  ),
  unlike: array(
    object<UnlikeItem>({
      item: number,
      code: string,
      name: string,
      changes: array(
        object<UnlikeItem["changes"][number]>({
          name: string,
          label: string,
          kind: string,
          before: nullable(string),
          after: nullable(string),
        }),
      ),
    }),
  ),
  version: number,
  most: number,
});
export interface Generated {
  created: number;
  retired: number;
  deleted: number;
  restored: number;
  changed: number;
}
export const generated = object<Generated>({
  created: number,
  retired: number,
  deleted: number,
  restored: number,
  changed: number,
});

export interface Allowed {
  name: string;
  label: string;
  kind: string;
  enabled: boolean;
  reason: string | null;
}
/** A document or a master as it is read: the named keys, and its fields beside them. */
export type Stored = JsonObject & {
  id: number;
  version: number;
};
export const stored: Check<Stored> = (value, path) => {
  const source = row(value, path);
  return { ...source, id: source.id, version: withDefault(number, 0)(source.version, `${path}.version`) };
};
const allowedList = withDefault(
  array(
    object<Allowed>({
      name: string,
      label: string,
      kind: withDefault(string, "transition"),
      enabled: withDefault(boolean, true),
      reason: nullable(string),
    }),
  ),
  [],
);
export const allowedOf = (document: Stored): Allowed[] => allowedList(document.allowed, "allowed");

export interface TraceNode {
  id: number;
  type: string;
  label: string;
  number: string | null;
  document_date: string | null;
  state: string;
  amount_gross: string | null;
  self: boolean;
}
/** What of a line was done and is open, by purpose, in base units; and the document the line came from. */
export interface LineProgress {
  line: number;
  item: { code: string; label: string };
  unit: string;
  quantity: string;
  source: { id: number; type: string; label: string; party: string | null } | null;
  purposes: Record<string, { label: string; done: string; open: string }>;
}
export const lineProgress = array(
  object<LineProgress>({
    line: number,
    item: object({ code: string, label: string }),
    unit: string,
    quantity: string,
    source: nullable(object({ id: number, type: string, label: string, party: nullable(string) })),
    purposes: record(object({ label: string, done: string, open: string })),
  }),
);

/** A line of an order that can hold stock back, in base units, and the lines that may take over what it holds. */
export interface Holding {
  line: number;
  line_number: number;
  /** Said where lines of several orders stand together. */
  order?: string;
  item: { code: string; label: string };
  unit: string;
  place: string;
  lot: string;
  open: string;
  held: string;
  room: string;
  /** Null for who may not see stock. */
  available: string | null;
  takers: { line: number; label: string; line_number: number; party: string | null; room: string }[];
}
export const holdings = array(
  object<Holding>({
    line: number,
    line_number: number,
    item: object({ code: string, label: string }),
    unit: string,
    place: string,
    lot: string,
    open: string,
    held: string,
    room: string,
    available: nullable(string),
    takers: array(
      object({ line: number, label: string, line_number: number, party: nullable(string), room: string }),
    ),
  }),
);
/** A chosen line of a document, how much of it, and the line it goes to where it goes to one. */
export interface Part {
  line: number;
  quantity: string;
  taker?: number;
}

export interface Trace {
  documents: TraceNode[];
  links: { source: number; target: number; purpose: string }[];
}
export const trace = object<Trace>({
  documents: array(
    object<TraceNode>({
      id: number,
      type: string,
      label: text,
      number: nullable(string),
      document_date: nullable(string),
      state: text,
      amount_gross: decimal,
      self: withDefault(boolean, false),
    }),
  ),
  links: array(object({ source: number, target: number, purpose: text })),
});

export interface Posting {
  id: number;
  kind: string;
  label: string;
  posted_at: string;
  posted_by: Json;
  moves: JsonObject[];
  entries: JsonObject[];
}
export const postings = array(
  object<Posting>({
    id: number,
    kind: text,
    label: text,
    posted_at: text,
    posted_by: json,
    moves: withDefault(array(jsonObject), []),
    entries: withDefault(array(jsonObject), []),
  }),
);

export interface Preview {
  postings: Posting[];
  warnings: { path: string; code: string; message: string }[];
  refusal: JsonObject | null;
}
export const preview = object<Preview>({
  postings: withDefault(postings, []),
  warnings: withDefault(array(object({ path: text, code: text, message: text })), []),
  refusal: nullable(jsonObject),
});

/** A line of which something can go on, in its own unit. */
export interface OpenLine {
  id: number;
  item: Json;
  unit: Json;
  quantity: string;
  done: string;
  open: string;
}
export interface OpenSource {
  id: number;
  label: string;
  document_date: string;
  /** Of all its lines, in base units. */
  open: string;
  lines: OpenLine[];
}
export interface OpenSources {
  documents: OpenSource[];
  more: boolean;
}
const openLine = object<OpenLine>({
  id: number,
  item: json,
  unit: json,
  quantity: string,
  done: string,
  open: string,
});
export const openSources = object<OpenSources>({
  documents: array(
    object<OpenSource>({
      id: number,
      label: string,
      document_date: string,
      open: string,
      lines: array(openLine),
    }),
  ),
  more: boolean,
});

export interface CheckSample {
  text: string;
  type: string;
  id: number;
  item: number;
}
export interface CheckPoint {
  code: string;
  label: string;
  severity: string;
  count: number;
  remedy: string;
  samples: CheckSample[];
}
/** What to look at before a period is closed. */
export interface Checklist {
  refusal: string | null;
  closed_through: string | null;
  points: CheckPoint[];
}
export const checklist = object<Checklist>({
  refusal: nullable(string),
  closed_through: nullable(string),
  points: array(
    object<CheckPoint>({
      code: string,
      label: string,
      severity: string,
      count: number,
      remedy: string,
      samples: array(object<CheckSample>({ text: string, type: string, id: number, item: number })),
    }),
  ),
});

export interface Comment {
  id: number;
  text: string;
  created_by: Json;
  created_at: string;
}
export const comment = object<Comment>({ id: number, text, created_by: json, created_at: text });
export const comments = array(comment);

export interface Attachment {
  id: number;
  name: string;
  size: number;
  created_by: Json;
  created_at: string;
  url: string;
}
export const attachment = object<Attachment>({
  id: number,
  name: string,
  size: number,
  created_by: json,
  created_at: text,
  url: text,
});
export const attachments = array(attachment);

/** A state that the goods of a document came into. */
export interface Delivery {
  id: number;
  state: string;
  label: string;
  tone: string;
  happened_at: string;
  note: string;
  created_by: string;
}
export const deliveries = array(
  object<Delivery>({
    id: number,
    state: string,
    label: string,
    tone: string,
    happened_at: text,
    note: text,
    created_by: text,
  }),
);

export interface HistoryEntry {
  at: string;
  by: Json;
  action: string;
  label: string;
  changes: { field: string; label: string; before: Json; after: Json }[];
}
export const history = array(
  object<HistoryEntry>({
    at: string,
    by: json,
    action: text,
    label: text,
    changes: withDefault(array(object({ field: text, label: text, before: json, after: json })), []),
  }),
);

export interface ImportAnswer {
  rows: number;
  created: number;
  updated: number;
  errors: { row: number; column: string; code: string; message: string }[];
}
export const importAnswer = object<ImportAnswer>({
  rows: withDefault(number, 0),
  created: withDefault(number, 0),
  updated: withDefault(number, 0),
  errors: withDefault(
    array(object({ row: withDefault(number, 0), column: text, code: text, message: text })),
    [],
  ),
});

/** What an action of a report has to say. */
export interface Told {
  message: string;
}
export const told = object<Told>({ message: text });

/** A way to look at a list that the user has kept; `content` is the browser's own. */
export interface SavedFilter {
  id: number;
  list: string;
  name: string;
  content: JsonObject;
  is_default: boolean;
}
export const savedFilters = array(
  object<SavedFilter>({ id: number, list: string, name: string, content: jsonObject, is_default: boolean }),
);

export interface Link {
  kind: string;
  name: string;
  where?: Json;
  parameters?: Json;
}
const link = nullable(object<Link>({ kind: string, name: string, where: json, parameters: json }));

export interface Home {
  figures: {
    name: string;
    label: string;
    value: Json;
    kind: string;
    previous: Json;
    period: string;
    link: Link | null;
  }[];
  trend: { day: string; sales: string | null; purchases: string | null }[];
  todo: { name: string; label: string; count: number; link: Link | null }[];
  best_sellers: { item: Json; quantity: string | null; amount: string | null }[];
  alerts: Alert[];
}
/** How many of one kind there are, how many of them began since the user last looked, and where they are listed. */
export interface Alert {
  name: string;
  label: string;
  count: number;
  new: number;
  link: Link | null;
  tone: string;
}
const alert = object<Alert>({
  name: string,
  label: text,
  count: withDefault(number, 0),
  new: withDefault(number, 0),
  link,
  tone: text,
});
export const alerts = array(alert);
export const home = object<Home>({
  figures: withDefault(
    array(object({ name: string, label: text, value: json, kind: text, previous: json, period: text, link })),
    [],
  ),
  trend: withDefault(array(object({ day: string, sales: decimal, purchases: decimal })), []),
  todo: withDefault(array(object({ name: text, label: text, count: withDefault(number, 0), link })), []),
  best_sellers: withDefault(array(object({ item: json, quantity: decimal, amount: decimal })), []),
  alerts: withDefault(alerts, []),
});

/** The drafts that a remedy has made. */
export interface Made {
  type: string;
  documents: { id: number }[];
  /** How many more there would have been: so many are made at once and no more. */
  left: number;
}
export const made = object<Made>({ type: string, documents: array(object({ id: number })), left: number });

export interface FilledLines {
  lines: Record<string, JsonObject[]>;
}

export const filledLines = object<FilledLines>({ lines: record(array(jsonObject)) });
