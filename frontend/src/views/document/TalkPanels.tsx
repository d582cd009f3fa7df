/** Comments, attachments and history of a document. */
import { useState } from "react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Empty, Input, Spin, Upload } from "antd";
import { InboxOutlined, PaperClipOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import { address as fullAddress, messageOf } from "../../api/client";
import { formatInstant } from "../../fields/datetime";
import type { Json } from "../../api/json";
import { formatDecimal } from "../../meta/numbers";
import { textOf } from "../../meta/values";

interface PanelProps {
  collection: string;
  id: number;
}

/** Runs a change of a part of a document and reads that part again. */
function useChange(part: string, { collection, id }: PanelProps) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const { t } = useTranslation();
  return async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      await client.invalidateQueries({ queryKey: ["part", part, collection, id] });
      return true;
    } catch (failure) {
      void message.error(messageOf(failure, t("error.network")));
      return false;
    }
  };
}

export function CommentsPanel(props: PanelProps) {
  const { collection, id } = props;
  const { t } = useTranslation();
  const change = useChange("comments", props);
  const [text, setText] = useState("");
  const { data } = useQuery({
    queryKey: ["part", "comments", collection, id],
    queryFn: () => calls.comments(collection, id),
  });
  const send = () =>
    void change(() => calls.addComment(collection, id, text.trim())).then((done) => done && setText(""));
  return (
    <div className="hc-stack">
      {data?.map((comment) => (
        <article key={comment.id} className="hc-comment">
          <b>{textOf(comment.created_by)}</b>{" "}
          <span className="hc-dim">{formatInstant(comment.created_at)}</span>
          <p>{comment.text}</p>
        </article>
      ))}
      <Input.TextArea
        aria-label={t("document.comment")}
        placeholder={t("document.comment")}
        autoSize={{ minRows: 2, maxRows: 6 }}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="primary" disabled={text.trim() === ""} onClick={send}>
        {t("document.send")}
      </Button>
    </div>
  );
}

const KILO = 1024;

/** Where a file is; the server may name it in relation to its document. */
const address = (collection: string, id: number, url: string): string =>
  /^(\/|https?:)/.test(url) ? url : fullAddress(`/${collection}/${id}/${url}`);

export function AttachmentsPanel(props: PanelProps) {
  const { collection, id } = props;
  const { t } = useTranslation();
  const change = useChange("attachments", props);
  const { data } = useQuery({
    queryKey: ["part", "attachments", collection, id],
    queryFn: () => calls.attachments(collection, id),
  });
  return (
    <div className="hc-stack">
      <Upload.Dragger
        multiple
        showUploadList={false}
        beforeUpload={(file) => {
          void change(() => calls.attach(collection, id, file));
          return false;
        }}
      >
        <p className="ant-upload-drag-icon">
          <InboxOutlined />
        </p>
        <p>{t("document.drop")}</p>
      </Upload.Dragger>
      {data?.map((file) => (
        <div key={file.id} className="hc-attachment">
          <PaperClipOutlined />
          <a href={address(collection, id, file.url)} target="_blank" rel="noreferrer">
            {file.name}
          </a>
          <span className="hc-dim">
            {formatDecimal(String(Math.ceil(file.size / KILO)), 0, 0)} KB · {textOf(file.created_by)} ·{" "}
            {formatInstant(file.created_at)}
          </span>
        </div>
      ))}
    </div>
  );
}

const shown = (value: Json): string =>
  typeof value === "object" && value !== null ? textOf(value) || JSON.stringify(value) : textOf(value);

export function HistoryPanel({ collection, id }: PanelProps) {
  const { t } = useTranslation();
  const { data, isPending } = useQuery({
    queryKey: ["part", "history", collection, id],
    queryFn: () => calls.history(collection, id),
  });
  if (isPending) return <Spin />;
  if (!data || data.length === 0) return <Empty description={t("document.no_history")} />;
  return (
    <ol className="hc-history">
      {data.map((entry, index) => (
        <li key={index}>
          <b>{entry.label || entry.action}</b>{" "}
          <span className="hc-dim">
            {textOf(entry.by)} · {formatInstant(entry.at)}
          </span>
          {entry.changes.length > 0 && (
            <ul>
              {entry.changes.map((change) => (
                <li key={change.field}>
                  {change.label || change.field}: <del>{shown(change.before)}</del> →{" "}
                  <ins>{shown(change.after)}</ins>
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ol>
  );
}
