/** Keys of a view: heard only while its tab is the one in front. */
import { useEffect, useRef } from "react";
import { useTab } from "./tabs";

export type Hotkeys = Record<string, () => void>;

/** "Ctrl+S", "F8", "Alt+N", "?" for a key event; the Command key of a Mac counts as Ctrl. */
export function nameOf(event: KeyboardEvent): string {
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && event.key.length > 1) parts.push("Shift");
  const letter = event.altKey && /^Key[A-Z]$/.test(event.code) ? event.code.slice(3) : event.key;
  parts.push(letter.length === 1 ? letter.toUpperCase() : letter);
  return parts.join("+");
}

/** A dialog that is on its way out holds no keys back. */
const OPEN_DIALOG = ".ant-modal-wrap:not([style*='display: none']) .ant-modal:not([class*='-leave'])";

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.matches("input, textarea, select") || target.isContentEditable);

export function useHotkeys(keys: Hotkeys, always = false): void {
  const { active } = useTab();
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    if (!active && !always) return;
    const listen = (event: KeyboardEvent) => {
      if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
      const name = nameOf(event);
      const action = latest.current[name];
      // A plain letter is a key of the program only where nobody is typing.
      if (!action || (name.length === 1 && typing(event.target))) return;
      if (document.querySelector(OPEN_DIALOG)) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [active, always]);
}
