/**
 * The line grid's behaviour: cursor, typing, keys, clipboard and scanner. It holds no DOM but the one input, and
 * tells the component to draw again through `notify`.
 */
import type { ClipboardEvent, KeyboardEvent } from "react";
import type { Json, JsonObject } from "../../api/json";
import { kindOf, type PickerHandle } from "../../fields";
import type { Basis } from "../../meta/amounts";
import type { FieldMeta } from "../../meta/types";
import { type Values, isEmpty } from "../../meta/values";
import { shownValue } from "../record/inherit";
import type { Line } from "../record/lines";
import type { LineEditor } from "./LineEditor";
import {
  type Action,
  type Cursor,
  type Direction,
  START,
  firstUseful,
  nextUseful,
  rangeOf,
  reduce,
  tabTarget,
} from "./navigation";
import { NO_BURST, barcodeOf, feed } from "./scanner";
import { formatTsv, parseTsv } from "./tsv";
import { isUseful } from "./useful";

export interface GridProps {
  fields: readonly FieldMeta[];
  readOnly: boolean;
  basis: Basis;
  /** What a line has of the header where it holds nothing, by field. */
  inherited: Values;
  /** Looks a barcode up and enters it; false where no goods have it. */
  onScan: (barcode: string) => Promise<boolean>;
  /** Opens the matrix of a family that was picked in the place of goods. */
  onFamily: (family: number) => void;
}

const ARROWS: Record<string, [Direction, Direction]> = {
  ArrowUp: ["up", "top"],
  ArrowDown: ["down", "bottom"],
  ArrowLeft: ["left", "home"],
  ArrowRight: ["right", "end"],
  PageUp: ["pageUp", "top"],
  PageDown: ["pageDown", "bottom"],
  Home: ["home", "top"],
  End: ["end", "bottom"],
};

export class GridControl {
  cursor: Cursor = START;
  /** What stands in the input while a cell is edited. */
  text = "";
  focused = false;
  input: HTMLInputElement | null = null;
  picker: PickerHandle | null = null;
  /** The cell whose dialog is open, and what had been typed before it was. */
  dialog: { key: string; field: FieldMeta; initial: string } | null = null;
  private burst = NO_BURST;
  private byTyping = false;
  private chosen = false;
  private before = "";

  constructor(
    readonly editor: LineEditor,
    private props: GridProps,
    private readonly notify: () => void,
  ) {}

  sync(props: GridProps): void {
    this.props = props;
  }

  private get size() {
    return { rows: this.editor.lines.length, cols: this.props.fields.length };
  }

  get line(): Line | undefined {
    return this.cursor.active ? this.editor.lines[this.cursor.active.row] : undefined;
  }

  /** What the list of options is asked for: nothing yet while the text is still the cell's own. */
  get wanted(): string {
    return this.text === this.before ? "" : this.text;
  }

  linesNow = (): Line[] => this.editor.lines;

  /** The line under the cursor, and what is being typed into its cell. */
  atHand = (): { line: Line | undefined; text: string } => ({
    line: this.line,
    text: this.cursor.editing && this.field?.kind === "ref" ? this.wanted : "",
  });

  /** Other lines in the place of these, as one edit that can be undone. */
  replaceLines = (change: (lines: Line[]) => Line[]): void => {
    this.editor.apply(change);
    this.dispatch({ type: "stop" });
  };

  get field(): FieldMeta | undefined {
    return this.cursor.active ? this.props.fields[this.cursor.active.col] : undefined;
  }

  private get editable(): boolean {
    return !this.props.readOnly && this.field !== undefined && !this.field.readonly;
  }

  private useful = (row: number, col: number): boolean => {
    const field = this.props.fields[col];
    return (
      field !== undefined && isUseful(this.editor.lines[row], field, this.props.fields, this.props.basis)
    );
  };

  dispatch(action: Action): void {
    this.cursor = reduce(this.cursor, action, this.size);
    if (!this.cursor.editing) this.reset();
    this.notify();
  }

  private reset(): void {
    this.text = "";
    this.chosen = false;
    if (this.input) this.input.value = "";
  }

  focus(): void {
    this.input?.focus({ preventScroll: true });
  }

  onFocus = (): void => {
    this.focused = true;
    if (!this.cursor.active) {
      const col = firstUseful(0, this.size, this.useful);
      this.dispatch({ type: "goto", position: { row: 0, col }, extend: false });
    } else this.notify();
  };

  onBlur = (): void => {
    this.focused = false;
    this.commit();
    this.notify();
  };

  /** What a cell shows, as the text that is edited and copied. */
  private textOf(line: Line, field: FieldMeta): string {
    const value = shownValue(line, field.name, this.props.inherited);
    return line.unresolved[field.name]?.text ?? kindOf(field.kind).grid.format(value, field);
  }

  /** Opens the cell for editing with its own text, or keeps what typing has just put into the input. */
  begin(typed: boolean): void {
    const { line, field } = this;
    if (!this.editable || !line || !field) return;
    if (kindOf(field.kind).grid.Dialog) {
      this.dialog = { key: line.key, field, initial: typed ? (this.input?.value ?? "") : "" };
      if (this.input) this.input.value = "";
      this.notify();
      return;
    }
    this.before = this.textOf(line, field);
    this.byTyping = typed;
    this.cursor = reduce(this.cursor, { type: "edit" }, this.size);
    if (this.input && !typed) {
      this.input.value = this.before;
      this.input.select();
    }
    this.text = this.input?.value ?? "";
    this.notify();
  }

  /** Ends editing and enters the text; unchanged text changes nothing. */
  commit(): void {
    if (!this.cursor.editing) return;
    const { line, field } = this;
    const text = this.input?.value ?? this.text;
    const changed = text !== this.before;
    this.dispatch({ type: "stop" });
    if (line && field && changed) this.editor.type(line.key, field, text);
  }

  /** What was entered in the dialog, with the quantity where none was typed yet; the cursor goes on. */
  closeDialog = (value: string[] | null): void => {
    const { dialog } = this;
    this.dialog = null;
    if (dialog && value) {
      const line = this.editor.lines.find(({ key }) => key === dialog.key);
      const quantity = this.props.fields.find(({ name }) => name === "quantity");
      this.editor.set(dialog.key, dialog.field, value, null);
      if (quantity && line && Number(line.values.quantity ?? 0) === 0 && value.length > 0)
        this.editor.set(dialog.key, quantity, String(value.length), null, false);
      this.advance();
    }
    this.notify();
    setTimeout(() => this.focus(), 0);
  };

  pick = (value: Json, option: JsonObject | null): void => {
    const { line, field } = this;
    if (!line || !field) return;
    this.dispatch({ type: "stop" });
    if (option?.opens === "matrix") {
      this.props.onFamily(Number(option.id));
      return;
    }
    this.editor.set(line.key, field, value, option);
    this.advance();
    this.focus();
  };

  /** The list had nothing for the text: it stays in the cell, marked. */
  nothing = (): void => {
    this.commit();
    this.notify();
  };

  onInput = (): void => {
    if (!this.input) return;
    if (!this.cursor.editing) {
      if (!this.editable) {
        this.input.value = "";
        return;
      }
      this.begin(true);
      if (this.dialog) return;
    }
    this.text = this.input.value;
    this.chosen = false;
    this.notify();
  };

  onCompositionStart = (): void => {
    if (!this.cursor.editing) this.begin(true);
  };

  /** Enter: on to the next useful cell; past the end of the last line to a new line. */
  advance(): void {
    const { active } = this.cursor;
    if (!active) return;
    const target = nextUseful(active, this.size, this.useful);
    if (target !== "append") {
      this.dispatch({ type: "goto", position: target, extend: false });
    } else if (!this.props.readOnly) {
      this.editor.insert(this.size.rows);
      const row = active.row + 1;
      this.dispatch({
        type: "goto",
        position: { row, col: firstUseful(row, this.size, this.useful) },
        extend: false,
      });
    }
  }

  onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (!event.ctrlKey && !event.metaKey && !event.altKey)
      this.burst = feed(this.burst, event.key, event.timeStamp);
    const used = this.cursor.editing ? this.pressEditing(event) : this.pressIdle(event);
    if (used) event.preventDefault();
  };

  private pressEditing(event: KeyboardEvent): boolean {
    const { field } = this;
    const hasPicker = field !== undefined && kindOf(field.kind).grid.Picker !== undefined;
    switch (event.key) {
      case "Enter":
        return this.enterEditing(event, hasPicker);
      case "Tab":
        this.commit();
        return this.tab(event.shiftKey);
      case "Escape":
        this.dispatch({ type: "stop" });
        return true;
      case "ArrowUp":
      case "ArrowDown":
        if (hasPicker) {
          this.chosen = true;
          return this.picker?.press(event.key) ?? false;
        }
        this.commit();
        this.dispatch({ type: "move", direction: event.key === "ArrowUp" ? "up" : "down", extend: false });
        return true;
      case "ArrowLeft":
      case "ArrowRight":
        if (!this.byTyping || hasPicker) return false;
        this.commit();
        this.dispatch({
          type: "move",
          direction: event.key === "ArrowLeft" ? "left" : "right",
          extend: false,
        });
        return true;
      default:
        return false;
    }
  }

  private enterEditing(event: KeyboardEvent, hasPicker: boolean): boolean {
    const barcode = this.byTyping ? barcodeOf(this.burst, event.timeStamp) : null;
    if (barcode !== null && barcode === this.input?.value) {
      this.scan(barcode, hasPicker);
      return true;
    }
    this.confirm(hasPicker, event.shiftKey);
    return true;
  }

  private confirm(hasPicker: boolean, back: boolean): void {
    const text = this.input?.value ?? "";
    if (hasPicker && !back && (this.chosen || (text.trim() !== "" && text !== this.before))) {
      this.picker?.press("Enter");
      return;
    }
    this.commit();
    if (back) this.dispatch({ type: "move", direction: "up", extend: false });
    else this.advance();
  }

  /** A barcode goes to its goods; what is none is taken as if it had been typed. */
  private scan(barcode: string, hasPicker: boolean): void {
    this.burst = NO_BURST;
    const { line, field } = this;
    this.dispatch({ type: "stop" });
    void this.props.onScan(barcode).then((found) => {
      if (found || !line || !field) return;
      this.editor.type(line.key, field, barcode);
      if (!hasPicker) this.advance();
    });
  }

  scanFromPage(barcode: string): Promise<boolean> {
    return this.props.onScan(barcode);
  }

  removeRow = (index: number): void => {
    this.editor.remove(index, index);
    this.dispatch({ type: "stop" });
  };

  private pressIdle(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey) return this.pressControl(event);
    const arrow = ARROWS[event.key];
    if (arrow && !event.altKey) {
      this.dispatch({ type: "move", direction: arrow[0], extend: event.shiftKey });
      return true;
    }
    switch (event.key) {
      case "Enter":
        return this.enterIdle(event);
      case "Tab":
        return this.tab(event.shiftKey);
      case "F2":
        this.begin(false);
        return true;
      case "ArrowDown":
        this.begin(false);
        return true;
      case "Escape":
        this.dispatch({ type: "leave" });
        return true;
      case "Delete":
      case "Backspace":
        this.clear();
        return true;
      case "Insert":
        this.editor.insert(this.cursor.active?.row ?? 0);
        return true;
      case " ":
        return this.toggle();
      default:
        return false;
    }
  }

  private enterIdle(event: KeyboardEvent): boolean {
    const { line, field } = this;
    const grid = field ? kindOf(field.kind).grid : undefined;
    const asks = grid?.Dialog !== undefined || (field?.required && grid?.Picker !== undefined);
    if (event.shiftKey) this.dispatch({ type: "move", direction: "up", extend: false });
    else if (this.editable && line && field && asks && isEmpty(line.values[field.name])) {
      this.begin(false);
    } else this.advance();
    return true;
  }

  private pressControl(event: KeyboardEvent): boolean {
    const range = rangeOf(this.cursor);
    const arrow = ARROWS[event.key];
    if (arrow) {
      this.dispatch({ type: "move", direction: arrow[1], extend: event.shiftKey });
      return true;
    }
    switch (event.key.toLowerCase()) {
      case "delete":
        if (range) this.editor.remove(range.top, range.bottom);
        break;
      case "d":
        if (range) this.editor.copy(range.top, range.bottom);
        break;
      case "z":
        if (event.shiftKey) this.editor.redo();
        else this.editor.undo();
        break;
      case "y":
        this.editor.redo();
        break;
      case "a":
        this.dispatch({ type: "all" });
        break;
      default:
        return false;
    }
    this.dispatch({ type: "stop" });
    return true;
  }

  private tab(back: boolean): boolean {
    const { active } = this.cursor;
    if (!active) return false;
    const editable = (col: number) => this.props.readOnly || this.props.fields[col]?.readonly === false;
    const target = tabTarget(active, this.size, back, editable);
    if (!target) return false;
    this.dispatch({ type: "goto", position: target, extend: false });
    return true;
  }

  private toggle(): boolean {
    const { line, field } = this;
    const switched = field ? kindOf(field.kind).grid.toggle : undefined;
    if (!switched || !line || !field || !this.editable) return false;
    this.editor.set(line.key, field, switched(line.values[field.name]), null);
    return true;
  }

  onDoubleClick = (): void => {
    if (!this.toggle()) this.begin(false);
  };

  private clear(): void {
    const range = rangeOf(this.cursor);
    if (range)
      this.editor.clear(range.top, range.bottom, this.props.fields.slice(range.left, range.right + 1));
  }

  onCopy = (event: ClipboardEvent): void => {
    const range = rangeOf(this.cursor);
    if (this.cursor.editing || !range) return;
    event.preventDefault();
    const fields = this.props.fields.slice(range.left, range.right + 1);
    const rows = this.editor.lines
      .slice(range.top, range.bottom + 1)
      .map((line) => fields.map((field) => this.textOf(line, field)));
    event.clipboardData.setData("text/plain", formatTsv(rows));
  };

  onCut = (event: ClipboardEvent): void => {
    if (this.cursor.editing) return;
    this.onCopy(event);
    this.clear();
  };

  onPaste = (event: ClipboardEvent): void => {
    const text = event.clipboardData.getData("text/plain");
    const range = rangeOf(this.cursor);
    if (!range || this.props.readOnly || (this.cursor.editing && !/[\t\n]/.test(text))) return;
    event.preventDefault();
    if (this.cursor.editing) this.dispatch({ type: "stop" });
    const rows = parseTsv(text);
    const single = rows.length === 1 && rows[0]?.length === 1 ? rows[0][0] : undefined;
    const width = range.right - range.left + 1;
    const filled = Array.from({ length: range.bottom - range.top + 1 }, () =>
      Array.from({ length: width }, () => single ?? ""),
    );
    const fields = this.props.fields.slice(range.left);
    this.editor.paste(range.top, fields, single === undefined ? rows : filled);
    this.notify();
  };

  /** Goes to the first cell that is marked, so that a refusal is seen at once. */
  show(row: number, name: string): void {
    const col = this.props.fields.findIndex((field) => field.name === name);
    this.dispatch({ type: "goto", position: { row, col: Math.max(0, col) }, extend: false });
    this.focus();
  }
}
