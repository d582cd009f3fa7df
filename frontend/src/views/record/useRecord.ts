/** One record on screen: loading, editing, autosaving in the browser, saving, and refusals put where they belong. */
import { useCallback, useEffect, useMemo, useReducer, useRef } from "react";
import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import { messageOf } from "../../api/client";
import { ApiError } from "../../api/errors";
import type { Json, JsonObject } from "../../api/json";
import type { Stored } from "../../api/shapes";
import { pathOf, usePlace } from "../../meta/context";
import { forget, recall, remember } from "../../meta/storage";
import type { FieldMeta, RecordMeta } from "../../meta/types";
import { fillsOf } from "../../meta/values";
import { useTab } from "../tabs";
import {
  type Draft,
  NO_PROBLEMS,
  type Problems,
  draftOf,
  emptyDraft,
  hasProblems,
  localProblems,
  outgoing,
  packDraft,
  problemsOf,
  stillMarked,
  unpackDraft,
} from "./draft";
import { emptied } from "./depending";
import { inheriting } from "./inherit";
import { type Line, lineOf } from "./lines";

const AUTOSAVE_MS = 800;

interface State {
  draft: Draft | null;
  stored: Stored | null;
  version: number | null;
  dirty: boolean;
  restored: boolean;
  problems: Problems;
  /** How often marks arrived; edits that take some away do not count. */
  refusals: number;
  busy: boolean;
  conflict: JsonObject | null;
}

const BLANK: State = {
  draft: null,
  stored: null,
  version: null,
  dirty: false,
  restored: false,
  problems: NO_PROBLEMS,
  refusals: 0,
  busy: false,
  conflict: null,
};

export const isNewId = (id: string): boolean => id.startsWith("new");

/** Everything a change of a record can be seen in is read again. */
export function refresh(client: QueryClient): void {
  for (const root of ["list", "home", "part", "report", "options", "record"])
    void client.invalidateQueries({ queryKey: [root] });
}

/** A record that is gone: it is not asked for again, everything else is. */
export function forgetRecord(client: QueryClient, collection: string, id: number): void {
  client.setQueryData(["record", collection, id], undefined);
  client.removeQueries({ queryKey: ["record", collection, id] });
  refresh(client);
}

/** State that can be read at once after it was set: keys come faster than React draws. */
function useLive(): [() => State, (change: Partial<State>) => void] {
  const state = useRef(BLANK);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const read = useCallback(() => state.current, []);
  const set = useCallback((change: Partial<State>) => {
    state.current = { ...state.current, ...change };
    redraw();
  }, []);
  return [read, set];
}

/** Keeps the unsaved draft in this browser, a moment after the last key. */
function useAutosave(state: State, username: string, key: string): void {
  const { draft, dirty, version } = state;
  useEffect(() => {
    if (!draft || !dirty) return;
    const timer = setTimeout(() => remember(username, key, packDraft(draft, version)), AUTOSAVE_MS);
    return () => clearTimeout(timer);
  }, [draft, dirty, version, username, key]);
}

/** Puts what arrived from the server, or a new record, on screen; an unsaved draft found in the browser goes first. */
function useArrival(
  meta: RecordMeta,
  id: string,
  data: Stored | undefined,
  read: () => State,
  set: (change: Partial<State>) => void,
  draftKey: string,
): void {
  const { username, meta: all } = usePlace();
  const arrived = useRef<unknown>(null);
  useEffect(() => {
    const source = isNewId(id) ? id : data;
    if (source === undefined || arrived.current === source) return;
    arrived.current = source;
    const now = read();
    if (now.dirty && now.draft) return;
    if (data && now.stored?.version === data.version && now.stored.id === data.id && now.draft) {
      set({ stored: data });
      return;
    }
    const kept = recall(username, draftKey);
    const unsaved = kept === null ? null : unpackDraft(meta, kept);
    set({
      ...BLANK,
      stored: data ?? null,
      version: unsaved?.version ?? data?.version ?? null,
      draft: unsaved?.draft ?? (data ? draftOf(meta, data) : emptyDraft(meta, all.book.today)),
      dirty: unsaved !== null,
      restored: unsaved !== null,
    });
  }, [all.book.today, data, draftKey, id, meta, read, set, username]);
}

export function useRecord(meta: RecordMeta, id: string) {
  const place = usePlace();
  const tab = useTab();
  const client = useQueryClient();
  const [read, set] = useLive();
  const state = read();
  const draftKey = `draft:${meta.name}:${id}`;
  const numeric = isNewId(id) ? null : Number(id);
  const query = useQuery({
    queryKey: ["record", meta.collection, numeric],
    queryFn: () => calls.read(meta.collection, numeric ?? 0),
    enabled: numeric !== null,
  });
  useArrival(meta, id, query.data, read, set, draftKey);
  useAutosave(state, place.username, draftKey);
  const { setDirty } = tab;
  useEffect(() => setDirty(state.dirty), [setDirty, state.dirty]);

  const accept = useCallback(
    (stored: Stored) => {
      forget(place.username, draftKey);
      set({ ...BLANK, stored, version: stored.version, draft: draftOf(meta, stored) });
      client.setQueryData(["record", meta.collection, stored.id], stored);
      refresh(client);
      if (isNewId(id)) tab.replace(pathOf(meta.family, meta.name, stored.id));
    },
    [client, draftKey, id, meta, place.username, set, tab],
  );
  const edits = useEdits(meta, read, set);
  const commands = useCommands(meta, read, set, accept);
  const discard = useCallback(() => {
    forget(place.username, draftKey);
    const { stored } = read();
    set({
      ...BLANK,
      stored,
      version: stored?.version ?? null,
      draft: stored ? draftOf(meta, stored) : emptyDraft(meta, place.meta.book.today),
    });
  }, [draftKey, meta, place, read, set]);
  return { ...state, ...edits, ...commands, accept, discard, failure: query.error, reload: query.refetch };
}

function useEdits(meta: RecordMeta, read: () => State, set: (change: Partial<State>) => void) {
  return useMemo(
    () => ({
      setHeader: (field: FieldMeta, value: Json, option: JsonObject | null = null) => {
        const { draft, problems } = read();
        if (!draft) return;
        const header = { ...draft.header, ...fillsOf(field, option), [field.name]: value };
        const open = Object.entries(problems.header).filter(([name]) => name !== field.name);
        set({
          draft: emptied(meta, { ...draft, header }),
          dirty: true,
          problems: { ...problems, header: Object.fromEntries(open) },
        });
      },
      /** A default that had to be asked for; it is no change of the user's. */
      prefill: (name: string, value: Json) => {
        const { draft } = read();
        if (draft && !draft.header[name])
          set({ draft: { ...draft, header: { ...draft.header, [name]: value } } });
      },
      setLines: (name: string, lines: Line[]) => {
        const { draft, problems } = read();
        if (!draft) return;
        const marks = stillMarked(problems.lines[name] ?? {}, draft.lines[name] ?? [], lines);
        set({
          draft: { ...draft, lines: { ...draft.lines, [name]: lines } },
          dirty: true,
          problems: { ...problems, lines: { ...problems.lines, [name]: marks } },
        });
      },
    }),
    [meta, read, set],
  );
}

/** The line keys of a draft in the order in which the server knows them. */
function sentOf(meta: RecordMeta, draft: Draft | null, today: string): Record<string, string[]> {
  return draft ? outgoing(meta, draft, null, today).sent : {};
}

/** Runs one command at a time; a refusal becomes marks and a message, a conflict both versions. */
function useAttempt(meta: RecordMeta, read: () => State, set: (change: Partial<State>) => void) {
  const { message } = App.useApp();
  const { t } = useTranslation();
  const { book } = usePlace().meta;
  return useCallback(
    async <T>(work: () => Promise<T>): Promise<T | null> => {
      if (read().busy) return null;
      message.destroy();
      set({ busy: true });
      try {
        return await work();
      } catch (failure) {
        if (failure instanceof ApiError && failure.code === "revision_conflict" && failure.current) {
          set({ conflict: failure.current });
          return null;
        }
        const sent = sentOf(meta, read().draft, book.today);
        const problems = failure instanceof ApiError ? problemsOf(failure.errors, sent) : NO_PROBLEMS;
        set({ problems, refusals: read().refusals + 1 });
        void message.error(messageOf(failure, t("error.network")), 6);
        return null;
      } finally {
        set({ busy: false });
      }
    },
    [book.today, message, meta, read, set, t],
  );
}

/** Saving, and what depends on it. */
function useCommands(
  meta: RecordMeta,
  read: () => State,
  set: (change: Partial<State>) => void,
  accept: (stored: Stored) => void,
) {
  const { message } = App.useApp();
  const { t } = useTranslation();
  const { book } = usePlace().meta;
  const attempt = useAttempt(meta, read, set);
  return useMemo(() => {
    const words = {
      required: t("record.required"),
      unresolved: (reason: string, text: string) => t(reason, { text }),
      lines: (label: string) => t("record.lines_required", { label }),
    };
    const save = async (over?: number): Promise<Stored | null> => {
      const { draft, stored, version } = read();
      if (!draft) return null;
      const local = localProblems(meta, draft, book.today, words);
      set({ problems: local });
      if (hasProblems(local)) {
        set({ refusals: read().refusals + 1 });
        void message.error(local.other[0] ?? t("record.check_marked"));
        return null;
      }
      const { body } = outgoing(meta, draft, stored ? (over ?? version) : null, book.today);
      const saved = await attempt(() =>
        stored ? calls.update(meta.collection, stored.id, body) : calls.create(meta.collection, body),
      );
      if (saved) accept(saved);
      return saved;
    };
    /** Saves first where something changed, so that a command always works on what is seen. */
    const saved = async (): Promise<Stored | null> => {
      const { dirty, stored } = read();
      return dirty || !stored ? save() : stored;
    };
    /** Lets the server fill lines from what was entered; nothing is saved, the user sees them first. */
    const fill = async (name: string): Promise<void> => {
      const { draft } = read();
      if (!draft) return;
      const { body } = outgoing(meta, draft, null, book.today);
      const filled = await attempt(() => calls.fillLines(meta.collection, name, body));
      const now = read().draft;
      if (!filled || !now) return;
      const lines = Object.entries(filled).map(([table, rows]) => [table, rows.map(lineOf)] as const);
      const draftNow = inheriting(meta, { ...now, lines: { ...now.lines, ...Object.fromEntries(lines) } });
      set({ draft: draftNow, dirty: true, problems: NO_PROBLEMS });
    };
    const settleConflict = (mine: boolean) => {
      const { conflict } = read();
      set({ conflict: null });
      if (!conflict) return;
      if (mine) void save(Number(conflict.version));
      else accept(conflict as Stored);
    };
    return { save, attempt, saved, fill, settleConflict, dismissConflict: () => set({ conflict: null }) };
  }, [accept, attempt, book.today, meta, message, read, set, t]);
}

export type RecordHandle = ReturnType<typeof useRecord>;
