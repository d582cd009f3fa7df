/** 下推 Asks which lines of which documents go on, and how much of each; everything that is open, unless said otherwise. */
import { Fragment, type ReactNode, useState } from "react";
import { Checkbox, Input, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { formatDecimal } from "../../meta/numbers";
import { isRef, textOf } from "../../meta/values";
import type { OpenLine, OpenSource, OpenSources } from "../../api/shapes";
import { moveOn, useAsking } from "./asking";
import { type Choice, choiceOf, isQuantity } from "./conversion";
import { ConvertSources } from "./ConvertSources";

interface Question {
  title: string;
  sources: OpenSources;
  find: (text: string) => Promise<OpenSources>;
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
      <td className="hc-right hc-num hc-wide-only">{formatDecimal(line.quantity, 0, 6)}</td>
      <td className="hc-right hc-num hc-wide-only">{formatDecimal(line.done, 0, 6)}</td>
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

const HEADS = [
  { name: "ordered", wide: true },
  { name: "done", wide: true },
  { name: "open", wide: false },
  { name: "quantity", wide: false },
] as const;

interface LinesTableProps {
  documents: readonly OpenSource[];
  texts: Record<number, string>;
  onText: (line: number, text: string) => void;
}

/** The open lines of the documents; under the number of each, where there are several. */
function LinesTable({ documents, texts, onText }: LinesTableProps) {
  const { t } = useTranslation();
  return (
    <table className="hc-plain-table" data-testid="convert-lines">
      <thead>
        <tr>
          <th />
          <th>{t("convert.item")}</th>
          <th>{t("picker.unit")}</th>
          {HEADS.map(({ name, wide }) => (
            <th key={name} className={wide ? "hc-right hc-wide-only" : "hc-right"}>
              {t(`convert.${name}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {documents.map((source, at) => (
          <Fragment key={source.id}>
            {documents.length > 1 && (
              <tr className="hc-convert-group">
                <th colSpan={HEADS.length + 3} scope="rowgroup">
                  {source.label} <span className="hc-dim">{source.document_date}</span>
                </th>
              </tr>
            )}
            {source.lines.map((line, index) => (
              <LineRow
                key={line.id}
                line={line}
                first={at === 0 && index === 0}
                text={texts[line.id] ?? line.open}
                onText={(text) => onText(line.id, text)}
              />
            ))}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function LinesForm({
  question,
  onAnswer,
}: {
  question: Question;
  onAnswer: (answer: Choice | null) => void;
}) {
  const { t } = useTranslation();
  const [texts, setTexts] = useState<Record<number, string>>({});
  const [picked, setPicked] = useState<readonly OpenSource[]>([]);
  const { sources } = question;
  const documents = [...sources.documents.slice(0, 1), ...picked];
  const choice = choiceOf(documents, texts);
  const toggle = (source: OpenSource) =>
    setPicked((before) =>
      before.some(({ id }) => id === source.id)
        ? before.filter(({ id }) => id !== source.id)
        : [...before, source],
    );
  return (
    <Modal
      open
      title={question.title}
      width={760}
      okText={question.title}
      cancelText={t("record.cancel")}
      okButtonProps={{ disabled: choice === null }}
      onOk={() => onAnswer(choice)}
      onCancel={() => onAnswer(null)}
    >
      <ConvertSources first={sources} find={question.find} picked={picked} onToggle={toggle} />
      <p className="hc-dim">{t("convert.explain")}</p>
      <div
        className="hc-convert"
        onKeyDown={(event) => moveOn(event, () => choice !== null && onAnswer(choice))}
      >
        <LinesTable
          documents={documents}
          texts={texts}
          onText={(line, text) => setTexts((before) => ({ ...before, [line]: text }))}
        />
      </div>
    </Modal>
  );
}

export function useAskLines(): {
  askLines: (title: string, sources: OpenSources, find: Question["find"]) => Promise<Choice | null>;
  linesDialog: ReactNode;
} {
  const { ask, open } = useAsking<Question, Choice>();
  return {
    askLines: (title, sources, find) => ask({ title, sources, find }),
    linesDialog: open && <LinesForm question={open.question} onAnswer={open.settle} />,
  };
}
