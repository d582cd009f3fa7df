/** The edits of the grid on its lines, with undo and redo, and the look-up of codes that were typed or pasted. */
import type { QueryClient } from "@tanstack/react-query";
import type { Json, JsonObject } from "../../api/json";
import { kindOf, type PickContext } from "../../fields";
import type { FieldMeta } from "../../meta/types";
import { isRef } from "../../meta/values";
import {
  type Line,
  type LineSetup,
  LOOKING_UP,
  copyOf,
  isBlank,
  newLine,
  replaceLine,
  setUnresolved,
  setValue,
} from "../record/lines";

const UNDO_STEPS = 100;
/** Empty lines that always wait below the last one. */
const SPARE = 1;

export interface LinesSetup extends LineSetup {
  lines: Line[];
  onChange: (lines: Line[]) => void;
  context: PickContext;
  readOnly: boolean;
  /** How many lines the table takes; 0 for any number. */
  most: number;
  /** Lines shown at least, so that there is always room to click into. */
  least: number;
}

type LookUp = { key: string; field: FieldMeta; text: string };

/** The place a line asks its options with: its own where it has one, else the document's. */
export function contextOf(
  line: Line | undefined,
  fields: readonly FieldMeta[],
  context: PickContext,
): PickContext {
  const place = fields.find((field) => field.ref === "places" || field.ref === "warehouses");
  const own = place && line ? line.values[place.name] : null;
  return isRef(own) ? { ...context, place: own.id } : context;
}

/** Lines with enough empty ones below to type on. */
export function padded(lines: Line[], setup: LinesSetup): Line[] {
  if (setup.readOnly) return lines;
  let spare = 0;
  for (const line of [...lines].reverse()) {
    if (!isBlank(line, setup.fields, setup.today)) break;
    spare += 1;
  }
  const room = setup.most > 0 ? setup.most - lines.length : Infinity;
  const missing = Math.min(Math.max(SPARE - spare, setup.least - lines.length), room);
  if (missing <= 0) return lines;
  return [...lines, ...Array.from({ length: missing }, () => newLine())];
}

export class LineEditor {
  lines: Line[] = [];
  private source: Line[] | null = null;
  private past: Line[][] = [];
  private future: Line[][] = [];

  constructor(
    private setup: LinesSetup,
    private readonly client: QueryClient,
  ) {
    this.sync(setup);
  }

  /** Takes over what the form holds; lines that came from elsewhere (a save, another version) end the undo. */
  sync(setup: LinesSetup): void {
    const changed = setup.lines !== this.source || setup.readOnly !== this.setup.readOnly;
    this.setup = setup;
    if (!changed) return;
    this.past = [];
    this.future = [];
    this.source = setup.lines;
    this.lines = padded(setup.lines, setup);
  }

  private show(lines: Line[]): void {
    this.lines = padded(lines, this.setup);
    this.source = this.lines;
    this.setup.onChange(this.lines);
  }

  apply(change: (lines: Line[]) => Line[], undoable = true): void {
    if (this.setup.readOnly) return;
    const after = change(this.lines);
    if (after === this.lines) return;
    if (undoable) {
      this.past = [...this.past.slice(-UNDO_STEPS), this.lines];
      this.future = [];
    }
    this.show(after);
  }

  private changed(line: Line, field: FieldMeta, value: Json, option: JsonObject | null): Line {
    return setValue(line, field, value, option, this.setup);
  }

  /** Sets a value that is known, such as a picked option. */
  set(key: string, field: FieldMeta, value: Json, option: JsonObject | null, undoable = true): void {
    this.apply(
      (lines) => replaceLine(lines, key, (line) => this.changed(line, field, value, option)),
      undoable,
    );
  }

  /** A text as typed or pasted: a value, or a code to look up, or marked with why it is neither. */
  private entered(line: Line, field: FieldMeta, text: string, lookUps: LookUp[]): Line {
    const { grid } = kindOf(field.kind);
    const parsed = grid.parse(text, field);
    if (parsed.ok && (text.trim() === "" || !grid.resolve))
      return this.changed(line, field, parsed.value, null);
    if (!grid.resolve) return setUnresolved(line, field, text, parsed.ok ? "field.not_found" : parsed.reason);
    lookUps.push({ key: line.key, field, text });
    return setUnresolved(line, field, text, LOOKING_UP);
  }

  type(key: string, field: FieldMeta, text: string): void {
    const lookUps: LookUp[] = [];
    this.apply((lines) => replaceLine(lines, key, (line) => this.entered(line, field, text, lookUps)));
    void this.lookUpAll(lookUps);
  }

  /** Items first: the units and lots of a line are looked up among those of its item. */
  private async lookUpAll(lookUps: LookUp[]): Promise<void> {
    const items = lookUps.filter(({ field }) => field.ref === "items");
    await Promise.all(items.map((entry) => this.lookUp(entry)));
    await Promise.all(lookUps.filter((entry) => !items.includes(entry)).map((entry) => this.lookUp(entry)));
  }

  private async lookUp({ key, field, text }: LookUp): Promise<void> {
    const line = this.lines.find((entry) => entry.key === key);
    const resolve = kindOf(field.kind).grid.resolve;
    if (!line || !resolve) return;
    const context = contextOf(line, this.setup.fields, this.setup.context);
    const found = await resolve(text, field, line.values, context, this.client).catch(() => null);
    const waiting = this.lines.find((entry) => entry.key === key)?.unresolved[field.name];
    if (waiting?.text !== text) return;
    if (found) this.set(key, field, found.value, found.option, false);
    else {
      const mark = (entry: Line) => setUnresolved(entry, field, text, "field.not_found");
      this.apply((lines) => replaceLine(lines, key, mark), false);
    }
  }

  /** Enters a block of texts from row `top` on, into these fields from left to right. */
  paste(top: number, fields: readonly FieldMeta[], rows: readonly (readonly string[])[]): void {
    const lookUps: LookUp[] = [];
    this.apply((lines) => {
      const next = [...lines];
      rows.forEach((cells, offset) => {
        let line = next[top + offset] ?? newLine();
        cells.forEach((text, shift) => {
          const field = fields[shift];
          if (field && !field.readonly) line = this.entered(line, field, text, lookUps);
        });
        next[top + offset] = line;
      });
      return next;
    });
    void this.lookUpAll(lookUps);
  }

  clear(top: number, bottom: number, names: readonly FieldMeta[]): void {
    const editable = names.filter((field) => !field.readonly);
    const emptied = (line: Line) =>
      editable.reduce((now, field) => this.changed(now, field, null, null), line);
    this.apply((lines) =>
      lines.map((line, index) => (index >= top && index <= bottom ? emptied(line) : line)),
    );
  }

  insert(at: number): void {
    this.apply((lines) => [...lines.slice(0, at), newLine(), ...lines.slice(at)]);
  }

  remove(from: number, to: number): void {
    this.apply((lines) => lines.filter((_, index) => index < from || index > to));
  }

  copy(from: number, to: number): void {
    this.apply((lines) => {
      const copies = lines.slice(from, to + 1).map(copyOf);
      return [...lines.slice(0, to + 1), ...copies, ...lines.slice(to + 1)];
    });
  }

  /** Scanned goods: one more on the line that already has them, else a line of their own. Gives its row. */
  scan(
    item: FieldMeta,
    quantity: FieldMeta,
    option: JsonObject,
    addOne: (value: Json | undefined) => string,
  ): number {
    const found = this.lines.findIndex((line) => {
      const held = line.values[item.name];
      return isRef(held) && held.id === option.id;
    });
    const { fields, today } = this.setup;
    const free = this.lines.findIndex((line) => isBlank(line, fields, today));
    const row = found >= 0 ? found : free >= 0 ? free : this.lines.length;
    this.apply((lines) => {
      const next = [...lines];
      const line = next[row] ?? newLine();
      const named = found >= 0 ? line : this.changed(line, item, option, option);
      next[row] = this.changed(named, quantity, addOne(found >= 0 ? line.values[quantity.name] : null), null);
      return next;
    });
    return row;
  }

  undo(): void {
    const target = this.past.pop();
    if (!target || this.setup.readOnly) return;
    this.future.push(this.lines);
    this.show(target);
  }

  redo(): void {
    const target = this.future.pop();
    if (!target || this.setup.readOnly) return;
    this.past.push(this.lines);
    this.show(target);
  }
}
