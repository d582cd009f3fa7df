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

interface ImportDialogProps {
  meta: RecordMeta;
  open: boolean;
  onClose: () => void;
}

function useImport(meta: RecordMeta, onClose: () => void) {
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
    setFile(chosen);
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
  return { file, trial, busy, close, send };
}

function Trial({ trial }: { trial: ImportAnswer }) {
  const { t } = useTranslation();
  const { rows, created, updated, errors } = trial;
  return (
    <Alert
      className="hc-import-result"
      type={errors.length > 0 ? "warning" : "success"}
      title={t("import.trial", { rows, created, updated, errors: errors.length })}
      description={
        <ul className="hc-outcomes">
          {errors.map((error, index) => (
            <li key={index}>
              {t("import.error", { row: error.row, column: error.column, message: error.message })}
            </li>
          ))}
        </ul>
      }
    />
  );
}

export function ImportDialog({ meta, open, onClose }: ImportDialogProps) {
  const { t } = useTranslation();
  const { file, trial, busy, close, send } = useImport(meta, onClose);
  const ready = file !== null && trial !== null && trial.errors.length === 0;
  return (
    <Modal
      open={open}
      title={t("import.title", { label: meta.label })}
      onCancel={close}
      footer={
        <Button
          type="primary"
          loading={busy}
          disabled={!ready}
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
          void send(chosen, true);
          return false;
        }}
      >
        <p className="ant-upload-drag-icon">
          <InboxOutlined />
        </p>
        <p>{file ? file.name : t("import.choose")}</p>
      </Upload.Dragger>
      {trial && <Trial trial={trial} />}
    </Modal>
  );
}
