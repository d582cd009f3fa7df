/** Import of a sheet: first tried without effect, then done. */
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Modal, Upload } from "antd";
import { InboxOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import { messageOf } from "../../api/client";
import type { ImportAnswer } from "../../api/shapes";
import type { RecordMeta } from "../../meta/types";
import { refresh } from "../record/useRecord";

export function ImportDialog({
  meta,
  open,
  onClose,
}: {
  meta: RecordMeta;
  open: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [trial, setTrial] = useState<ImportAnswer | null>(null);
  const [busy, setBusy] = useState(false);

  const close = () => {
    setFile(null);
    setTrial(null);
    onClose();
  };
  const send = async (chosen: File, dryRun: boolean) => {
    setBusy(true);
    try {
      const answer = await calls.upload(meta.collection, chosen, dryRun);
      setTrial(answer);
      if (dryRun || answer.errors.length > 0) return;
      void message.success(t("import.done", { created: answer.created, updated: answer.updated }));
      refresh(client);
      close();
    } catch (failure) {
      void message.error(messageOf(failure, t("error.network")));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open={open}
      title={t("import.title", { label: meta.label })}
      onCancel={close}
      footer={
        <Button
          type="primary"
          loading={busy}
          disabled={!file || !trial || trial.errors.length > 0}
          onClick={() => file && void send(file, false)}
        >
          {t("import.run")}
        </Button>
      }
    >
      <Upload.Dragger
        accept=".xlsx,.xls,.csv"
        maxCount={1}
        showUploadList={false}
        beforeUpload={(chosen) => {
          setFile(chosen);
          void send(chosen, true);
          return false;
        }}
      >
        <p className="ant-upload-drag-icon">
          <InboxOutlined />
        </p>
        <p>{file ? file.name : t("import.choose")}</p>
      </Upload.Dragger>
      {trial && (
        <Alert
          className="hc-import-result"
          type={trial.errors.length > 0 ? "warning" : "success"}
          title={t("import.trial", {
            rows: trial.rows,
            created: trial.created,
            updated: trial.updated,
            errors: trial.errors.length,
          })}
          description={
            <ul className="hc-outcomes">
              {trial.errors.slice(0, 50).map((error, index) => (
                <li key={index}>
                  {t("import.error", { row: error.row, column: error.column, message: error.message })}
                </li>
              ))}
            </ul>
          }
        />
      )}
    </Modal>
  );
}
