/** The declarations as the browser sees them. */
import type { Json } from "../api/json";

export interface Choice {
  value: string;
  label: string;
  tone: string | null;
}

export interface Drill {
  report: string | null;
  document: boolean;
  parameters: Record<string, string>;
}

export interface FieldMeta {
  name: string;
  label: string;
  kind: string;
  required: boolean;
  readonly: boolean;
  width: number | null;
  group: string | null;
  help: string | null;
  default: Json;
  ref: string | null;
  choices: Choice[];
  scale: number | null;
  total: boolean;
  drill: Drill | null;
  max_length: number | null;
  fills: Record<string, string>;
  /** The header field whose value a line has where it holds none of its own. */
  inherits: string | null;
  sortable: boolean;
  /** Values of header fields with which it is there; elsewhere it holds nothing. */
  when: Record<string, string>;
  /** Whether it may still change once the document is posted: it is filled in when it is known. */
  later: boolean;
}

export interface LinesMeta {
  name: string;
  label: string;
  fields: FieldMeta[];
  required: boolean;
  /** Whether its goods leave a warehouse of ours. */
  outward: boolean;
  /** How many lines it takes; 0 for any number. */
  most: number;
  /** The collection of families by which its quantities may be entered as a matrix; empty for none. */
  matrix: string;
}

/** A button of the form that fills lines from what was entered. */
export interface LineFill {
  name: string;
  label: string;
  /** Values of the header under which it is there. */
  when: Record<string, string>;
}

export interface ListMeta {
  columns: string[];
  filters: string[];
  sort: string;
}

export interface Permissions {
  create: boolean;
  change: boolean;
  delete: boolean;
  export: boolean;
  import: boolean;
}

export interface TransitionMeta {
  name: string;
  label: string;
  from: string[];
  to: string;
  reason: boolean;
  primary: boolean;
  danger: boolean;
  /** Whether it can be asked of chosen lines and parts of them. */
  by_line: boolean;
  /** Whether each of these goes to a line of another document, so that they must be chosen. */
  to_line: boolean;
}

export interface ConversionMeta {
  target: string;
  label: string;
  /** What it counts as done: received, returned, paid …; null where the server does not say. */
  purpose: string | null;
}

/** What may be written down of goods that were handed over: which fields, and the states they come into. */
export interface ShippingMeta {
  fields: string[];
  states: Choice[];
}

/** What documents and masters have in common: enough for lists, forms, import and export. */
export interface RecordMeta {
  family: "document" | "master";
  name: string;
  collection: string;
  label: string;
  fields: FieldMeta[];
  lines: LinesMeta[];
  list: ListMeta;
  /** The kinds of alerts that its rows can bear before this user. */
  alerts: Choice[];
  permissions: Permissions;
  states: Choice[];
  transitions: TransitionMeta[];
  conversions: ConversionMeta[];
  line_fills: LineFill[];
  /** Whether every line bills a line of another document, so that it begins there. */
  needs_source: boolean;
  /** Whether there is a list of what to look at before it is posted (a closing). */
  checklist: boolean;
  /** Null where nothing is handed over, or this user may not write it down. */
  shipping: ShippingMeta | null;
  /** The field that names a record to a person. */
  label_field: string;
  /** The collection of the records that one of these makes; empty for none. */
  generates: string;
}

/** What chosen rows of a report can become: drafts of a document type; offered under these parameter values. */
export interface RemedyMeta {
  name: string;
  label: string;
  target: string;
  when: Record<string, string[]>;
}

/** What may be done from a report; `file`: it takes one. */
export interface ReportActionMeta {
  name: string;
  label: string;
  file: boolean;
}

/** A line over the rows of a report: `y` against `x`, one for each value of `by`. */
export interface ChartMeta {
  x: string;
  y: string;
  by: string;
}

export interface ReportMeta {
  name: string;
  label: string;
  parameters: FieldMeta[];
  columns: FieldMeta[];
  /** Kinds of files beside Excel and CSV. */
  files: { format: string; label: string }[];
  actions: ReportActionMeta[];
  remedies: RemedyMeta[];
  /** Transitions that can be asked of chosen rows, which are lines of documents; `when` as of remedies. */
  commands: { name: string; when: Record<string, string[]> }[];
  chart: ChartMeta | null;
}

export interface MenuEntry {
  kind: string;
  name: string;
}

export interface MenuGroup {
  name: string;
  label: string;
  entries: MenuEntry[];
}

export interface Book {
  name: string;
  currency: string;
  taxpayer: string;
  bins: boolean;
  today: string;
}

export interface Meta {
  book: Book;
  menu: MenuGroup[];
  documents: Record<string, RecordMeta>;
  masters: Record<string, RecordMeta>;
  reports: Record<string, ReportMeta>;
  /** Pages drawn by hand that this user may open. */
  pages: Record<string, { label: string }>;
}
