/** 账套设置 What holds for the whole book: its fields as the server declares them, and which documents are approved. */
import { useState } from "react";
import { SaveOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Result, Select, Spin, Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import { messageOf } from "../api/client";
import { ApiError } from "../api/errors";
import type { JsonObject } from "../api/json";
import * as settings from "../api/settings";
import { fieldList } from "../meta/check";
import type { FieldMeta } from "../meta/types";
import { type Values, toWire } from "../meta/values";
import { useHotkeys } from "../views/hotkeys";
import { problemsOf } from "../views/record/draft";
import { HeaderForm } from "../views/record/HeaderForm";
import { useTab, useTitle } from "../views/tabs";

const NOTHING = { party: null, place: null, day: null, documentType: null };

type Form = settings.SettingsForm<FieldMeta[]>;

/** What was changed and not saved yet, and what the server said about it. */
function useChanges(form: Form | undefined) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const { setDirty } = useTab();
  const [changes, setChanges] = useState<Values>({});
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const dirty = Object.keys(changes).length > 0;
  const change = (name: string, value: Values[string]) => {
    setChanges({ ...changes, [name]: value });
    setDirty(true);
  };
  const save = async () => {
    if (!form?.may_change || !dirty || busy) return;
    setBusy(true);
    try {
      const body = Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, toWire(value)]));
      await settings.saveSettings(body as JsonObject);
      setDirty(false);
      await client.invalidateQueries();
      setChanges({});
      setProblems({});
      void message.success(t("settings.saved"));
    } catch (failure) {
      const { header, other } = problemsOf(failure instanceof ApiError ? failure.errors : [], {});
      setProblems(header);
      void message.error(other[0] ?? messageOf(failure, t("error.network")));
    } finally {
      setBusy(false);
    }
  };
  return { values: { ...form?.values, ...changes }, problems, busy, dirty, change, save };
}

function notesOf(fields: readonly FieldMeta[]): Record<string, string> {
  return Object.fromEntries(fields.filter(({ help }) => help).map(({ name, help }) => [name, help ?? ""]));
}

export function SettingsPage({ title }: { title: string }) {
  const { t } = useTranslation();
  useTitle(title);
  const { data, error } = useQuery({
    queryKey: ["book-form"],
    queryFn: ({ signal }) => settings.readForm(fieldList, signal),
  });
  const { values, problems, busy, dirty, change, save } = useChanges(data);
  useHotkeys({ "Ctrl+S": () => void save() });
  if (error) return <Result status="warning" title={messageOf(error, t("error.network"))} />;
  if (!data) return <Spin className="hc-loading" />;
  const chosen = values.approvals;
  return (
    <div className="hc-view hc-master hc-settings" data-testid="settings">
      <div className="hc-toolbar">
        {data.may_change && (
          <Tooltip title="Ctrl+S">
            <Button
              type="primary"
              icon={<SaveOutlined />}
              loading={busy}
              disabled={!dirty}
              onClick={() => void save()}
            >
              {t("record.save")}
            </Button>
          </Tooltip>
        )}
      </div>
      <div className="hc-title">
        <h2>{title}</h2>
      </div>
      <HeaderForm
        id="settings"
        fields={data.fields}
        values={values}
        problems={problems}
        notes={notesOf(data.fields)}
        readOnly={!data.may_change}
        context={NOTHING}
        onChange={(field, value) => change(field.name, value)}
        onDone={() => void save()}
      />
      <div className="hc-header-form">
        <h3 className="hc-group">{t("settings.approvals")}</h3>
        <Select
          mode="multiple"
          className="hc-settings-approvals"
          aria-label={t("settings.approvals")}
          data-testid="field-approvals"
          value={Array.isArray(chosen) ? chosen.map(String) : []}
          options={data.document_types}
          disabled={!data.may_change}
          optionFilterProp="label"
          placeholder={t("settings.no_approvals")}
          onChange={(names) => change("approvals", names)}
        />
      </div>
    </div>
  );
}
