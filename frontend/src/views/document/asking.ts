/** 询问 A dialog that asks for something, and whoever waits for its answer; and how the keys go through its quantities. */
import { type KeyboardEvent, useState } from "react";

interface Waiting<Question, Answer> {
  question: Question;
  settle: (answer: Answer | null) => void;
}

/** The question that is open, with how it is answered (null: not at all); and a way to ask one. */
export function useAsking<Question, Answer>(): {
  ask: (question: Question) => Promise<Answer | null>;
  open: Waiting<Question, Answer> | null;
} {
  const [open, setOpen] = useState<Waiting<Question, Answer> | null>(null);
  const ask = (question: Question): Promise<Answer | null> =>
    new Promise((resolve) => {
      const settle = (answer: Answer | null) => {
        setOpen(null);
        resolve(answer);
      };
      setOpen({ question, settle });
    });
  return { ask, open };
}

/** Enter and the arrows go from quantity to quantity; Enter in the last is the answer. */
export function moveOn(event: KeyboardEvent<HTMLElement>, onLast: () => void): void {
  const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || event.nativeEvent.isComposing || !(event.target instanceof HTMLInputElement))
    return;
  const inputs = [...event.currentTarget.querySelectorAll<HTMLInputElement>("input[inputmode]")];
  const at = inputs.indexOf(event.target);
  if (at < 0) return;
  event.preventDefault();
  const next = inputs[at + step];
  if (next && !event.ctrlKey) next.focus();
  else if (event.key === "Enter") onLast();
}
