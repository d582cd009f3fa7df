/** What may be done from a report, as it declares it: a button each, one that takes a file asks for it. */
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Upload } from "antd";
import { CheckOutlined, UploadOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import { messageOf } from "../../api/client";
import type { ReportActionMeta, ReportMeta } from "../../meta/types";
import { refresh } from "../record/useRecord";

interface Props {
  report: ReportMeta;
  query: Record<string, string>;
  ready: boolean;
}

export function ReportActions({ report, query, ready }: Props) {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const [busy, setBusy] = useState("");
  const act = async (action: ReportActionMeta, file?: File) => {
    setBusy(action.name);
    try {
      const answer = await calls.reportAction(report.name, action.name, query, file);
      void message.success(answer.message, 6);
      refresh(client);
      await client.invalidateQueries({ queryKey: ["report", report.name] });
    } catch (failure) {
      void message.error(messageOf(failure, t("error.network")), 8);
    } finally {
      setBusy("");
    }
  };
  const ask = (action: ReportActionMeta) =>
    void modal.confirm({ title: t("report.confirm", { label: action.label }), onOk: () => act(action) });
  return (
    <>
      {report.actions.map((action) =>
        action.file ? (
          <Upload
            key={action.name}
            accept=".xlsx,.xls,.csv"
            showUploadList={false}
            disabled={!ready}
            beforeUpload={(file) => {
              void act(action, file);
              return false;
            }}
          >
            <Button icon={<UploadOutlined />} disabled={!ready} loading={busy === action.name}>
              {action.label}
            </Button>
          </Upload>
        ) : (
          <Button
            key={action.name}
            icon={<CheckOutlined />}
            disabled={!ready}
            loading={busy === action.name}
            onClick={() => {
              ask(action);
            }}
          >
            {action.label}
          </Button>
        ),
      )}
    </>
  );
}
