/** 下推 Asks which lines go on, and how much of each; everything that is open, unless said otherwise. */
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { Checkbox, Input, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { formatDecimal } from "../../meta/numbers";
import { isRef, textOf } from "../../meta/values";
import { type ChosenLine, type OpenLine, chosenLines, isQuantity } from "./conversion";

type Answer = ChosenLine[] | "all" | null;

interface Question {
  title: string;
  lines: readonly OpenLine[];
  answer: (answer: Answer) => void;
}

/** Enter and the arrows go from quantity to quantity; Enter in the last is the answer. */
function moveOn(event: KeyboardEvent<HTMLElement>, onLast: () => void): void {
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

interface LineRowProps {
  line: OpenLine;
  text: string;
  first: boolean;
  onText: (text: string) => void;
}

function LineRow({ line, text, first, onText }: LineRowProps) {
  const { t } = useTranslation();
  const { item, unit } = line;
  const name = `${isRef(item) ? `${item.code} ` : ""}${textOf(item)}`;
  const left = text.trim() === "" || !(Number(text) > 0);
  return (
    <tr className={left ? "hc-dim" : ""}>
      <td>
        <Checkbox
          aria-label={name}
          tabIndex={-1}
          checked={!left}
          onChange={(event) => onText(event.target.checked ? line.open : "")}
        />
      </td>
      <td>{name}</td>
      <td>{textOf(unit)}</td>
      <td className="hc-right hc-num">{formatDecimal(line.quantity, 0, 6)}</td>
      <td className="hc-right hc-num">{formatDecimal(line.done, 0, 6)}</td>
      <td className="hc-right hc-num">{formatDecimal(line.open, 0, 6)}</td>
      <td className="hc-convert-quantity">
        <Input
          aria-label={`${t("convert.quantity")} ${name}`}
          className="hc-number-input"
          inputMode="decimal"
          autoFocus={first}
          status={isQuantity(text) ? "" : "error"}
          value={text}
          onFocus={(event) => event.target.select()}
          onChange={(event) => onText(event.target.value)}
          data-testid={`convert-quantity-${line.id}`}
        />
      </td>
    </tr>
  );
}

const HEADS = ["ordered", "done", "open", "quantity"] as const;

function LinesForm({ question, onAnswer }: { question: Question; onAnswer: (answer: Answer) => void }) {
  const { t } = useTranslation();
  const [texts, setTexts] = useState<Record<number, string>>({});
  const { lines } = question;
  const chosen = chosenLines(lines, texts);
  return (
    <Modal
      open
      title={question.title}
      width={760}
      okText={question.title}
      cancelText={t("record.cancel")}
      okButtonProps={{ disabled: chosen === null }}
      onOk={() => onAnswer(chosen)}
      onCancel={() => onAnswer(null)}
    >
      <p className="hc-dim">{t("convert.explain")}</p>
      <div
        className="hc-convert"
        onKeyDown={(event) => moveOn(event, () => chosen !== null && onAnswer(chosen))}
      >
        <table className="hc-plain-table" data-testid="convert-lines">
          <thead>
            <tr>
              <th />
              <th>{t("convert.item")}</th>
              <th>{t("picker.unit")}</th>
              {HEADS.map((head) => (
                <th key={head} className="hc-right">
                  {t(`convert.${head}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line, index) => (
              <LineRow
                key={line.id}
                line={line}
                first={index === 0}
                text={texts[line.id] ?? line.open}
                onText={(text) => setTexts((before) => ({ ...before, [line.id]: text }))}
              />
            ))}
          </tbody>
        </table>
      </div>
    </Modal>
  );
}

export function useAskLines(): {
  askLines: (title: string, lines: readonly OpenLine[]) => Promise<Answer>;
  linesDialog: ReactNode;
} {
  const [question, setQuestion] = useState<Question | null>(null);
  const open = useRef<Question | null>(null);
  const askLines = (title: string, lines: readonly OpenLine[]): Promise<Answer> =>
    new Promise((resolve) => {
      open.current = { title, lines, answer: resolve };
      setQuestion(open.current);
    });
  const settle = (answer: Answer) => {
    open.current?.answer(answer);
    open.current = null;
    setQuestion(null);
  };
  return { askLines, linesDialog: question && <LinesForm question={question} onAnswer={settle} /> };
}
