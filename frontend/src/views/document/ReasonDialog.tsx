/** Asks for the reason that some transitions want. */
import { type ReactNode, useRef, useState } from "react";
import { Input, Modal } from "antd";
import { useTranslation } from "react-i18next";

interface Question {
  title: string;
  explanation: string;
  answer: (reason: string | null) => void;
}

export function useAskReason(): {
  ask: (title: string, explanation?: string) => Promise<string | null>;
  dialog: ReactNode;
} {
  const { t } = useTranslation();
  const [question, setQuestion] = useState<Question | null>(null);
  const [reason, setReason] = useState("");
  const open = useRef<Question | null>(null);

  const ask = (title: string, explanation = ""): Promise<string | null> =>
    new Promise((resolve) => {
      setReason("");
      open.current = { title, explanation, answer: resolve };
      setQuestion(open.current);
    });
  const settle = (answer: string | null) => {
    open.current?.answer(answer);
    open.current = null;
    setQuestion(null);
  };
  const dialog = (
    <Modal
      open={question !== null}
      title={question?.title}
      okText={question?.title}
      cancelText={t("record.cancel")}
      okButtonProps={{ disabled: reason.trim() === "" }}
      onOk={() => settle(reason.trim())}
      onCancel={() => settle(null)}
    >
      {question?.explanation && <p>{question.explanation}</p>}
      <label htmlFor="hc-reason">{t("document.reason")}</label>
      <Input.TextArea
        id="hc-reason"
        autoFocus
        rows={3}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </Modal>
  );
  return { ask, dialog };
}
