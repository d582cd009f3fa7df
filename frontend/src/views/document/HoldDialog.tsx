/** 逐行占用 Asks of which lines a command is wanted, how much of each, where it goes, and why. */
import { type ReactNode, useState } from "react";
import { Checkbox, Empty, Input, Modal, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Holding, Part } from "../../api/shapes";
import { formatDecimal } from "../../meta/numbers";
import { moveOn, useAsking } from "./asking";
import { type Asked, type Typed, fits, mostOf, offered, partsOf, quantityOf } from "./holding";

export interface Answer {
  parts: Part[];
  reason: string | null;
}

interface Question {
  title: string;
  lines: Holding[];
  asked: Asked;
  /** Whether it wants a reason. */
  reason: boolean;
}

interface LineRowProps {
  line: Holding;
  asked: Asked;
  typed: Typed;
  first: boolean;
  onTyped: (typed: Typed) => void;
}

/** The line of another order that takes over; another one asks for another quantity. */
function Taker({ line, typed, onTyped }: Pick<LineRowProps, "line" | "typed" | "onTyped">) {
  const { t } = useTranslation();
  return (
    <Select
      className="hc-taker"
      aria-label={t("holding.taker")}
      placeholder={t("holding.taker")}
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      value={typed.taker}
      data-testid={`taker-${line.line}`}
      options={line.takers.map((one) => ({
        value: one.line,
        label: t("holding.taker_line", {
          label: one.label,
          line: one.line_number,
          party: one.party ?? "",
          room: formatDecimal(one.room, 0, 6),
        }),
      }))}
      onChange={(taker: number | undefined) => onTyped({ taker })}
    />
  );
}

function LineRow({ line, asked, typed, first, onTyped }: LineRowProps) {
  const { t } = useTranslation();
  const name = `${line.item.code} ${line.item.label}`;
  const text = quantityOf(line, asked, typed);
  const left = text.trim() === "" || !(Number(text) > 0);
  const all = (checked: boolean) =>
    onTyped({ ...typed, quantity: checked ? mostOf(line, asked, typed) : "" });
  return (
    <tr className={left ? "hc-dim" : ""}>
      <td>
        <Checkbox
          aria-label={name}
          tabIndex={-1}
          checked={!left}
          onChange={(event) => all(event.target.checked)}
        />
      </td>
      <td>
        {name}
        <div className="hc-dim">
          {line.order} {line.place} {line.lot}
        </div>
      </td>
      <td>{line.unit}</td>
      <td className="hc-right hc-num hc-wide-only">{formatDecimal(line.open, 0, 6)}</td>
      <td className="hc-right hc-num">{formatDecimal(line.held, 0, 6)}</td>
      {asked.more && (
        <td className="hc-right hc-num hc-wide-only">
          {line.available !== null && formatDecimal(line.available, 0, 6)}
        </td>
      )}
      {asked.toLine && (
        <td>
          <Taker line={line} typed={typed} onTyped={onTyped} />
        </td>
      )}
      <td className="hc-convert-quantity">
        <Input
          aria-label={`${t("convert.quantity")} ${name}`}
          className="hc-number-input"
          inputMode="decimal"
          autoFocus={first && !asked.toLine}
          status={fits(text, line, asked, typed) ? "" : "error"}
          value={text}
          onFocus={(event) => event.target.select()}
          onChange={(event) => onTyped({ ...typed, quantity: event.target.value })}
          data-testid={`hold-quantity-${line.line}`}
        />
      </td>
    </tr>
  );
}

interface LinesProps {
  lines: readonly Holding[];
  asked: Asked;
  typed: Record<number, Typed>;
  onTyped: (line: number, typed: Typed) => void;
}

function Lines({ lines, asked, typed, onTyped }: LinesProps) {
  const { t } = useTranslation();
  return (
    <table className="hc-plain-table" data-testid="hold-lines">
      <thead>
        <tr>
          <th />
          <th>{t("convert.item")}</th>
          <th>{t("picker.unit")}</th>
          <th className="hc-right hc-wide-only">{t("holding.open")}</th>
          <th className="hc-right">{t("holding.held")}</th>
          {asked.more && <th className="hc-right hc-wide-only">{t("holding.available")}</th>}
          {asked.toLine && <th>{t("holding.taker")}</th>}
          <th className="hc-right">{t("convert.quantity")}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, at) => (
          <LineRow
            key={line.line}
            line={line}
            asked={asked}
            typed={typed[line.line] ?? {}}
            first={at === 0}
            onTyped={(own) => onTyped(line.line, own)}
          />
        ))}
      </tbody>
    </table>
  );
}

function PartsForm({
  question,
  onAnswer,
}: {
  question: Question;
  onAnswer: (answer: Answer | null) => void;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<Record<number, Typed>>({});
  const [reason, setReason] = useState("");
  const { asked } = question;
  const lines = offered(question.lines, asked);
  const parts = partsOf(lines, asked, typed);
  const why = question.reason ? reason.trim() : null;
  const answer = parts !== null && why !== "" ? { parts, reason: why } : null;
  const done = () => answer && onAnswer(answer);
  return (
    <Modal
      open
      title={question.title}
      width={860}
      okText={question.title}
      cancelText={t("record.cancel")}
      okButtonProps={{ disabled: answer === null }}
      onOk={done}
      onCancel={() => onAnswer(null)}
    >
      {lines.length === 0 ? (
        <Empty description={t("holding.nothing")} />
      ) : (
        <div className="hc-convert" onKeyDown={(event) => moveOn(event, done)}>
          <p className="hc-dim">{t(asked.toLine ? "holding.explain_taker" : "holding.explain")}</p>
          <Lines
            lines={lines}
            asked={asked}
            typed={typed}
            onTyped={(line, own) => setTyped((before) => ({ ...before, [line]: own }))}
          />
        </div>
      )}
      {question.reason && lines.length > 0 && (
        <p>
          <label htmlFor="hc-hold-reason">{t("document.reason")}</label>
          <Input
            id="hc-hold-reason"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            onPressEnter={done}
          />
        </p>
      )}
    </Modal>
  );
}

export function useAskParts(): {
  askParts: (question: Question) => Promise<Answer | null>;
  partsDialog: ReactNode;
} {
  const { ask, open } = useAsking<Question, Answer>();
  return {
    askParts: ask,
    partsDialog: open && <PartsForm question={open.question} onAnswer={open.settle} />,
  };
}
