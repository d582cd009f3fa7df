/** What every field kind gives: how it is read, entered in a form, and entered in the line grid. */
import type { ComponentType, Ref } from "react";
import type { QueryClient } from "@tanstack/react-query";
import type { Json, JsonObject } from "../api/json";
import type { FieldMeta } from "../meta/types";
import type { Values } from "../meta/values";

/** What a picker may ask with: the party, place and day of the document, and its type. */
export interface PickContext {
  party: number | null;
  place: number | null;
  day: string | null;
  documentType: string | null;
}

export interface CellProps {
  field: FieldMeta;
  value: Json | undefined;
  /** The line it stands in, where it stands in one. */
  row?: Values;
}

/** A dialog in which the value of a cell is entered, where a line of text is too narrow for it. */
export interface DialogProps {
  field: FieldMeta;
  value: Json | undefined;
  row: Values;
  context: PickContext;
  /** What the other lines hold in this field. */
  others: readonly string[];
  /** What was typed into the cell before the dialog was there. */
  initial: string;
  /** The new value, or null to leave it as it is. */
  onDone: (value: string[] | null) => void;
}

export interface InputProps {
  id: string;
  field: FieldMeta;
  value: Json | undefined;
  onChange: (value: Json, option?: JsonObject | null) => void;
  row: Values;
  context: PickContext;
  invalid: boolean;
}

/** A typed or pasted text as a value, or the i18n key of why it is none. */
export type Parsed = { ok: true; value: Json } | { ok: false; reason: string };

export interface PickerHandle {
  /** Moves the highlight, or takes the highlighted option; true when the key was used. */
  press: (key: "ArrowDown" | "ArrowUp" | "Enter") => boolean;
}

export interface PickerProps {
  field: FieldMeta;
  text: string;
  /** What the cell holds now; the list opens on it. */
  current: Json | undefined;
  row: Values;
  context: PickContext;
  anchor: DOMRect;
  onPick: (value: Json, option: JsonObject | null) => void;
  onNothing: (text: string) => void;
  handle: Ref<PickerHandle>;
}

export interface Resolved {
  value: Json;
  option: JsonObject | null;
}

export interface GridEditor {
  /** The text that is edited and copied. */
  format: (value: Json | undefined, field: FieldMeta) => string;
  parse: (text: string, field: FieldMeta) => Parsed;
  compare: (left: Json | undefined, right: Json | undefined) => number;
  /** Opens instead of an editor in the cell. */
  Dialog?: ComponentType<DialogProps>;
  /** A list to choose from while typing. */
  Picker?: ComponentType<PickerProps>;
  /** Finds the value of a pasted code; null when there is none. */
  resolve?: (
    text: string,
    field: FieldMeta,
    row: Values,
    context: PickContext,
    client: QueryClient,
  ) => Promise<Resolved | null>;
  /** Space and a double click switch the value instead of opening an editor. */
  toggle?: (value: Json | undefined) => Json;
}

export interface FieldKind {
  kind: string;
  align: "left" | "right" | "center";
  width: number;
  /** Whether a wide window gives it more room: words may have it, numbers and dates not. */
  stretches: boolean;
  /** Operators of the condition builder, the first being the usual one. */
  operators: readonly string[];
  Cell: ComponentType<CellProps>;
  /** Its cell is a link already, so that a table puts none around it. */
  links?: boolean;
  Input: ComponentType<InputProps>;
  grid: GridEditor;
}
