/** 基础资料 The form of any master: its fields, and its child tables in the line grid. */
import { App, Button, Result, Spin, Tooltip } from "antd";
import { DeleteOutlined, PlusOutlined, SaveOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as calls from "../api/calls";
import { messageOf } from "../api/client";
import { pathOf } from "../meta/context";
import type { RecordMeta } from "../meta/types";
import { textOf } from "../meta/values";
import { useHotkeys } from "./hotkeys";
import { RecordForm } from "./record/RecordForm";
import { VariantsButton } from "./record/VariantsDialog";
import { type RecordHandle, forgetRecord, useRecord } from "./record/useRecord";
import { useTab, useTitle } from "./tabs";

function useErase(meta: RecordMeta, record: RecordHandle): () => Promise<void> {
  const { modal } = App.useApp();
  const { t } = useTranslation();
  const client = useQueryClient();
  const tab = useTab();
  return async () => {
    const { stored } = record;
    const sure = await modal.confirm({
      title: t("record.confirm_delete"),
      okText: t("record.delete"),
      cancelText: t("record.cancel"),
    });
    if (!stored || !sure) return;
    const gone = await record.attempt(() => calls.erase(meta.collection, stored.id));
    if (gone === null) return;
    record.discard();
    tab.close();
    setTimeout(() => forgetRecord(client, meta.collection, stored.id));
  };
}

interface MasterBarProps {
  meta: RecordMeta;
  record: RecordHandle;
  canSave: boolean;
  onSaveNew: () => void;
  onNew: () => void;
  onErase: () => void;
}

function MasterBar({ meta, record, canSave, onSaveNew, onNew, onErase }: MasterBarProps) {
  const { t } = useTranslation();
  const { stored, dirty, busy } = record;
  return (
    <div className="hc-toolbar">
      {canSave && (
        <>
          <Tooltip title="Ctrl+S">
            <Button
              aria-label={t("record.save")}
              type="primary"
              icon={<SaveOutlined />}
              loading={busy}
              disabled={!dirty && stored !== null}
              onClick={() => void record.save()}
            >
              {t("record.save")}
            </Button>
          </Tooltip>
          <Tooltip title="Ctrl+Enter">
            <Button disabled={busy} onClick={onSaveNew}>
              {t("record.save_new")}
            </Button>
          </Tooltip>
          <VariantsButton meta={meta} record={record} />
        </>
      )}
      <span className="hc-spring" />
      {stored && meta.permissions.delete && (
        <Button
          aria-label={t("record.delete")}
          danger
          icon={<DeleteOutlined />}
          disabled={busy}
          onClick={onErase}
        >
          {t("record.delete")}
        </Button>
      )}
      {meta.permissions.create && (
        <Button aria-label={t("list.new")} icon={<PlusOutlined />} onClick={onNew} title="Alt+N">
          {t("list.new")}
        </Button>
      )}
    </div>
  );
}

export function MasterView({ meta, id }: { meta: RecordMeta; id: string }) {
  const { t } = useTranslation();
  const tab = useTab();
  const record = useRecord(meta, id);
  const erase = useErase(meta, record);
  const { stored, draft } = record;
  const name =
    textOf(draft?.header[meta.label_field]) ||
    textOf(draft?.header.code) ||
    textOf(stored?.label) ||
    t("document.new");
  useTitle(`${meta.label} ${stored ? name : t("document.new")}`);
  const canSave = stored ? meta.permissions.change : meta.permissions.create;
  const openNew = () => meta.permissions.create && tab.openNew(pathOf("master", meta.name));
  const saveNew = async () => {
    if (await record.saved()) openNew();
  };
  useHotkeys({
    "Ctrl+S": () => canSave && void record.save(),
    "Ctrl+Enter": () => canSave && void saveNew(),
    "Alt+N": openNew,
  });
  if (record.failure && !draft) {
    return <Result status="warning" title={messageOf(record.failure, t("error.network"))} />;
  }
  if (!draft) return <Spin className="hc-loading" />;
  return (
    <div className="hc-view hc-master" data-testid={`master-${meta.name}`}>
      <MasterBar
        meta={meta}
        record={record}
        canSave={canSave}
        onSaveNew={() => void saveNew()}
        onNew={openNew}
        onErase={() => void erase()}
      />
      <div className="hc-title">
        <h2>{meta.label}</h2>
        <span className="hc-number">{name}</span>
      </div>
      <RecordForm meta={meta} record={record} readOnly={!canSave} formId={`${meta.name}-${id}`} />
    </div>
  );
}
