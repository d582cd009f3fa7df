/** 批量登记 Writes down many deliveries at once: one carrier, tracking numbers as pasted, the state they all came into. */
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Input, Modal } from "antd";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import { messageOf } from "../../api/client";
import type { Json, JsonObject } from "../../api/json";
import type { Row } from "../../api/shapes";
import { kindOf } from "../../fields";
import type { RecordMeta, ShippingMeta } from "../../meta/types";
import { isEmpty, textOf, toWire } from "../../meta/values";
import { refresh } from "../record/useRecord";
import { type Shipped, assign } from "./assign";
import { NOTHING_YET, ShipForm, happeningOf } from "./ShipForm";

const NOWHERE = { party: null, place: null, documentType: null, day: null };
const LIVE = ["posted", "closed"];
const SHIPPED = "shipped";
const SIGNED = "signed";
const CARRIER = "carrier";
const TRACKING = "tracking_numbers";

interface ShipManyProps {
  meta: RecordMeta;
  rows: readonly Row[];
  onDone: () => void;
}

function useShipMany(meta: RecordMeta, onDone: () => void) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState("");
  const send = async (documents: JsonObject[]): Promise<boolean> => {
    setBusy(true);
    setRefusal("");
    try {
      await calls.shipMany(meta.collection, documents);
      void message.success(t("shipping.done_many", { count: documents.length }));
      refresh(client);
      onDone();
      return true;
    } catch (failure) {
      setRefusal(messageOf(failure, t("error.network")));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, refusal, send, clear: () => setRefusal("") };
}

interface DialogProps {
  meta: RecordMeta;
  shipping: ShippingMeta;
  documents: readonly Shipped[];
  sender: ReturnType<typeof useShipMany>;
  onClose: () => void;
}

function ManyDialog({ meta, shipping, documents, sender, onClose }: DialogProps) {
  const { t } = useTranslation();
  const [carrier, setCarrier] = useState<Json>(null);
  const [text, setText] = useState("");
  const [happening, setHappening] = useState({ ...NOTHING_YET, state: SHIPPED });
  const { numbers, left } = assign(text, documents);
  const field = meta.fields.find(({ name }) => name === CARRIER);
  const kind = kindOf(field?.kind ?? "ref");
  const send = async () => {
    const all = { ...(!isEmpty(carrier) && { [CARRIER]: toWire(carrier) }), ...happeningOf(happening) };
    const each = documents.map(({ id }) => ({ id, ...all, ...(numbers[id] && { [TRACKING]: numbers[id] }) }));
    if (await sender.send(each)) onClose();
  };
  return (
    <Modal
      open
      title={t("shipping.ship_many", { count: documents.length })}
      width={720}
      okText={t("shipping.ship")}
      cancelText={t("record.cancel")}
      confirmLoading={sender.busy}
      okButtonProps={{ disabled: left.length > 0 }}
      onOk={() => void send()}
      onCancel={onClose}
    >
      <div data-testid="ship-many" className="hc-ship">
        {sender.refusal && <Alert type="error" showIcon title={sender.refusal} />}
        {field && (
          <div className="hc-fields">
            <div className="hc-field">
              <label htmlFor="hc-ship-carrier">{field.label}</label>
              <kind.Input
                id="hc-ship-carrier"
                field={field}
                value={carrier}
                row={{}}
                context={NOWHERE}
                invalid={false}
                onChange={(value) => setCarrier(value)}
              />
            </div>
          </div>
        )}
        <ShipForm states={shipping.states} value={happening} onChange={setHappening} />
        <label htmlFor="hc-ship-numbers">{t("shipping.numbers")}</label>
        <Input.TextArea
          id="hc-ship-numbers"
          rows={5}
          placeholder={t("shipping.numbers_hint")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {left.length > 0 && (
          <Alert type="warning" showIcon title={t("shipping.left", { numbers: left.join("\u3001") })} />
        )}
        <table className="hc-plain-table">
          <tbody>
            {documents.map(({ id, number }) => (
              <tr key={id}>
                <td>{number}</td>
                <td className="hc-num">{numbers[id] ?? <span className="hc-dim">—</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Modal>
  );
}

export function ShipMany({ meta, rows, onDone }: ShipManyProps) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const [open, setOpen] = useState(false);
  const sender = useShipMany(meta, onDone);
  const { shipping } = meta;
  const documents = rows
    .filter(({ state }) => LIVE.includes(textOf(state)))
    .map(({ id, number }) => ({ id, number: textOf(number) }));
  if (!shipping || documents.length === 0) return null;
  const sign = () =>
    void modal.confirm({
      title: t("shipping.confirm_signed", { count: documents.length }),
      okText: t("shipping.sign"),
      cancelText: t("record.cancel"),
      onOk: () => sender.send(documents.map(({ id }) => ({ id, state: SIGNED }))),
    });
  return (
    <>
      <Button data-testid="bulk-ship" onClick={() => setOpen(true)}>
        {t("shipping.ship")} ({documents.length})
      </Button>
      <Button data-testid="bulk-sign" loading={sender.busy && !open} onClick={sign}>
        {t("shipping.sign")} ({documents.length})
      </Button>
      {!open && sender.refusal && (
        <Alert type="error" showIcon closable={{ onClose: sender.clear }} title={sender.refusal} />
      )}
      {open && (
        <ManyDialog
          meta={meta}
          shipping={shipping}
          documents={documents}
          sender={sender}
          onClose={() => {
            sender.clear();
            setOpen(false);
          }}
        />
      )}
    </>
  );
}
