/** Checks /meta once, at load: a screen drawn from it may then rely on every key. */
import {
  type Check,
  ShapeError,
  array,
  boolean,
  isObject,
  json,
  jsonObject,
  nullable,
  number,
  object,
  record,
  string,
  withDefault,
} from "../api/check";
import type * as types from "./types";

const flag = withDefault(boolean, false);
const names = withDefault(array(string), []);
/** A word that may be left out; the server says so with an empty one as well. */
const word: Check<string | null> = (value, path) => nullable(string)(value, path) || null;

const choice = object<types.Choice>({
  value: (value, path) =>
    typeof value === "number" || typeof value === "boolean" ? String(value) : string(value, path),
  label: string,
  tone: word,
});

const drill: Check<types.Drill> = (value, path) => {
  const source = jsonObject(value, path);
  return {
    report: nullable(string)(source.report, `${path}.report`),
    document: flag(source.document, `${path}.document`),
    parameters: withDefault(record(string), {})(source.parameters, `${path}.parameters`),
  };
};

export const fieldMeta: Check<types.FieldMeta> = object<types.FieldMeta>({
  name: string,
  label: string,
  kind: string,
  required: flag,
  readonly: flag,
  width: nullable(number),
  group: word,
  help: word,
  default: json,
  ref: word,
  choices: withDefault(array(choice), []),
  scale: nullable(number),
  total: flag,
  drill: nullable(drill),
  max_length: nullable(number),
  fills: withDefault(record(string), {}),
  inherits: word,
  sortable: withDefault(boolean, true),
  when: withDefault(record(string), {}),
  later: flag,
});
export const fieldList = array(fieldMeta);

const lines = object<types.LinesMeta>({
  name: string,
  label: string,
  fields: fieldList,
  required: flag,
  most: withDefault(number, 0),
  outward: flag,
  matrix: withDefault(string, ""),
});
const lineFill = object<types.LineFill>({
  name: string,
  label: string,
  when: withDefault(record(string), {}),
});
const listMeta = withDefault(
  object<types.ListMeta>({ columns: names, filters: names, sort: withDefault(string, "-id") }),
  { columns: [], filters: [], sort: "-id" },
);
const noPermissions = { create: false, change: false, delete: false, export: false, import: false };
const permissions = withDefault(
  object<types.Permissions>({ create: flag, change: flag, delete: flag, export: flag, import: flag }),
  noPermissions,
);
const transition = object<types.TransitionMeta>({
  name: string,
  label: string,
  from: names,
  to: withDefault(string, ""),
  reason: flag,
  primary: flag,
  danger: flag,
  by_line: flag,
  to_line: flag,
});

const conversion = object<types.ConversionMeta>({
  target: string,
  label: withDefault(string, ""),
  purpose: nullable(string),
});

const recordMeta = (family: "document" | "master"): Check<types.RecordMeta> =>
  object<types.RecordMeta>({
    family: () => family,
    name: string,
    collection: string,
    label: string,
    fields: fieldList,
    lines: withDefault(array(lines), []),
    list: listMeta,
    alerts: withDefault(array(choice), []),
    permissions,
    states: withDefault(array(choice), []),
    transitions: withDefault(array(transition), []),
    conversions: withDefault(array(conversion), []),
    line_fills: withDefault(array(lineFill), []),
    needs_source: flag,
    checklist: flag,
    shipping: nullable(object<types.ShippingMeta>({ fields: names, states: withDefault(array(choice), []) })),
    label_field: withDefault(string, "name"),
    generates: withDefault(string, ""),
  });

const reportMeta = object<types.ReportMeta>({
  name: string,
  label: string,
  parameters: withDefault(fieldList, []),
  columns: withDefault(fieldList, []),
  remedies: withDefault(
    array(
      object<types.RemedyMeta>({
        name: string,
        label: string,
        target: string,
        when: withDefault(record(names), {}),
      }),
    ),
    [],
  ),
  commands: withDefault(
    array(
      object<types.ReportMeta["commands"][number]>({ name: string, when: withDefault(record(names), {}) }),
    ),
    [],
  ),
  chart: nullable(object<types.ChartMeta>({ x: string, y: string, by: withDefault(string, "") })),
  files: withDefault(array(object<types.ReportMeta["files"][number]>({ format: string, label: string })), []),
  actions: withDefault(
    array(object<types.ReportActionMeta>({ name: string, label: string, file: flag })),
    [],
  ),
});

const menuGroup = object<types.MenuGroup>({
  name: string,
  label: string,
  entries: array(object<types.MenuEntry>({ kind: string, name: string })),
});

export const meta: Check<types.Meta> = (value, path) => {
  if (!isObject(value)) throw new ShapeError(path || "meta", "an object");
  return object<types.Meta>({
    book: object<types.Book>({
      name: string,
      currency: withDefault(string, "CNY"),
      taxpayer: withDefault(string, ""),
      bins: withDefault(boolean, false),
      today: string,
    }),
    menu: array(menuGroup),
    documents: withDefault(record(recordMeta("document")), {}),
    masters: withDefault(record(recordMeta("master")), {}),
    reports: withDefault(record(reportMeta), {}),
    pages: withDefault(record(object<{ label: string }>({ label: string })), {}),
  })(value, path);
};
