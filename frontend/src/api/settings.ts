/** The calls of the page of the book's settings. */
import { type Check, array, boolean, jsonObject, object, string } from "./check";
import { get, put } from "./client";
import type { JsonObject } from "./json";

export interface DocumentChoice {
  value: string;
  label: string;
}

export interface SettingsForm<F> {
  fields: F;
  values: JsonObject;
  document_types: DocumentChoice[];
  may_change: boolean;
}

export const readForm = <F>(fields: Check<F>, signal?: AbortSignal): Promise<SettingsForm<F>> =>
  get(
    "/book/form",
    object<SettingsForm<F>>({
      fields,
      values: jsonObject,
      document_types: array(object<DocumentChoice>({ value: string, label: string })),
      may_change: boolean,
    }),
    {},
    signal,
  );

export const saveSettings = (changes: JsonObject): Promise<JsonObject> => put("/book", jsonObject, changes);
