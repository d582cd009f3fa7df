/**
 * The one input of the grid. It always lies over the active cell and always has the focus, invisible until
 * something is typed: so a Chinese input method composes right there, in any cell, from the first key on.
 */
import type { ClipboardEventHandler, CompositionEventHandler, KeyboardEventHandler, RefObject } from "react";

interface GridInputProps {
  inputRef: RefObject<HTMLInputElement | null>;
  label: string;
  left: number;
  top: number;
  width: number;
  height: number;
  align: "left" | "right" | "center";
  editing: boolean;
  numeric: boolean;
  onKeyDown: KeyboardEventHandler<HTMLInputElement>;
  onInput: () => void;
  onCompositionStart: CompositionEventHandler<HTMLInputElement>;
  onCompositionEnd: CompositionEventHandler<HTMLInputElement>;
  onBlur: () => void;
  onFocus: () => void;
  onCopy: ClipboardEventHandler<HTMLInputElement>;
  onCut: ClipboardEventHandler<HTMLInputElement>;
  onPaste: ClipboardEventHandler<HTMLInputElement>;
}

export function GridInput(props: GridInputProps) {
  const { inputRef, label, left, top, width, height, align, editing, numeric, ...handlers } = props;
  return (
    <input
      ref={inputRef}
      className={editing ? "hc-grid-input hc-editing" : "hc-grid-input"}
      style={{ transform: `translate(${left}px, ${top}px)`, width, height, textAlign: align }}
      aria-label={label}
      inputMode={numeric ? "decimal" : "text"}
      autoComplete="off"
      autoCorrect="off"
      spellCheck={false}
      {...handlers}
    />
  );
}
