/** 登记物流 Writes down how the goods of one posted document get on: who carries them, what that costs, how far they are. */
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Modal } from "antd";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import { messageOf } from "../../api/client";
import { ApiError } from "../../api/errors";
import type { Stored } from "../../api/shapes";
import type { RecordMeta, ShippingMeta } from "../../meta/types";
import { type Values, sameValue, toWire } from "../../meta/values";
import { HeaderForm } from "../record/HeaderForm";
import { refresh } from "../record/useRecord";
import { Deliveries } from "./Deliveries";
import { NOTHING_YET, ShipForm, happeningOf } from "./ShipForm";

const NOWHERE = { party: null, place: null, documentType: null, day: null };

interface ShipDialogProps {
  meta: RecordMeta;
  shipping: ShippingMeta;
  stored: Stored;
  onDone: (stored: Stored) => void;
  onClose: () => void;
}

export function ShipDialog({ meta, shipping, stored, onDone, onClose }: ShipDialogProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const fields = meta.fields
    .filter(({ name }) => shipping.fields.includes(name))
    .map((field) => ({ ...field, group: null }));
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(fields.map(({ name }) => [name, stored[name] ?? null])),
  );
  const [happening, setHappening] = useState(NOTHING_YET);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [refusal, setRefusal] = useState("");
  const [busy, setBusy] = useState(false);
  const send = async () => {
    const changed = fields.filter(({ name }) => !sameValue(values[name], stored[name]));
    const facts = Object.fromEntries(changed.map(({ name }) => [name, toWire(values[name])]));
    setBusy(true);
    try {
      const body = { version: stored.version, ...facts, ...happeningOf(happening) };
      const answer = await calls.ship(meta.collection, stored.id, body);
      void message.success(t("shipping.done"));
      refresh(client);
      onDone(answer);
    } catch (failure) {
      const found = failure instanceof ApiError ? failure.errors.filter(({ path }) => path in values) : [];
      setProblems(Object.fromEntries(found.map(({ path, message: said }) => [path, said])));
      setRefusal(found.length > 0 ? "" : messageOf(failure, t("error.network")));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={t("shipping.title")}
      width={760}
      okText={t("shipping.title")}
      cancelText={t("record.cancel")}
      confirmLoading={busy}
      onOk={() => void send()}
      onCancel={onClose}
    >
      <div data-testid="ship-dialog" className="hc-ship">
        {refusal && <Alert type="error" showIcon title={refusal} />}
        <HeaderForm
          id={`ship-${meta.name}`}
          fields={fields}
          values={values}
          problems={problems}
          readOnly={false}
          context={NOWHERE}
          onChange={(field, value) => setValues((before) => ({ ...before, [field.name]: value }))}
        />
        <ShipForm states={shipping.states} value={happening} onChange={setHappening} />
        <h3 className="hc-group">{t("shipping.history")}</h3>
        <Deliveries collection={meta.collection} id={stored.id} />
      </div>
    </Modal>
  );
}
