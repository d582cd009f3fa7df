/** 生成规格 What a family is made into: values to tick, every combination with its code and name, and one button for all of it. */
import { useState } from "react";
import { App, Button, Checkbox, Modal, Spin, Tag } from "antd";
import { PartitionOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import { messageOf } from "../../api/client";
import type { Stored, VariantPreview, VariantRow } from "../../api/shapes";
import type { RecordMeta } from "../../meta/types";
import { UnlikeItems } from "./UnlikeItems";
import { type RecordHandle, refresh } from "./useRecord";

const TONES: Record<string, string> = { new: "processing", active: "success", retired: "default" };
const keyOf = (row: VariantRow): string => row.variants.join("/");

/** Ticked at first: what is in use, and what could be made. */
const isTicked = (row: VariantRow, ticks: Readonly<Record<string, boolean>>): boolean =>
  ticks[keyOf(row)] ?? (row.state === "active" || (row.state === "new" && !row.taken));

function changesOf(rows: readonly VariantRow[], ticks: Readonly<Record<string, boolean>>) {
  const idsOf = (state: string, ticked: boolean) =>
    rows.flatMap((row) =>
      row.state === state && row.item !== null && isTicked(row, ticks) === ticked ? [row.item] : [],
    );
  return {
    create: rows.filter((row) => row.state === "new" && isTicked(row, ticks)).map((row) => row.variants),
    retire: idsOf("active", false),
    restore: idsOf("retired", true),
  };
}

/** What is asked for, and the items that may follow the family: those that stay, of the family as it was seen. */
function wantedOf(
  data: VariantPreview | undefined,
  ticks: Readonly<Record<string, boolean>>,
  applied: readonly number[],
) {
  const changes = changesOf(data?.rows ?? [], ticks);
  const unlike = (data?.unlike ?? []).filter(({ item }) => !changes.retire.includes(item));
  const apply = applied.filter((item) => unlike.some((one) => one.item === item));
  const nothing = [...Object.values(changes), apply].every((part) => part.length === 0);
  const seen = data && apply.length > 0 ? { version: data.version } : {};
  return { wanted: { ...changes, apply, ...seen }, unlike, nothing };
}

interface AxesProps {
  axes: VariantPreview["axes"];
  onChoose: (at: number, ids: number[]) => void;
}

function Axes({ axes, onChoose }: AxesProps) {
  return axes.map((axis) => (
    <div key={axis.at} className="hc-variants-axis">
      <b>{axis.label}</b>
      <Checkbox.Group
        value={axis.values.filter(({ chosen }) => chosen).map(({ id }) => id)}
        options={axis.values.map(({ id, label }) => ({ value: id, label }))}
        onChange={(ids) => onChoose(axis.at, ids)}
      />
    </div>
  ));
}

interface RowsProps {
  rows: readonly VariantRow[];
  ticks: Readonly<Record<string, boolean>>;
  onTick: (rows: readonly VariantRow[], ticked: boolean) => void;
}

function Rows({ rows, ticks, onTick }: RowsProps) {
  const { t } = useTranslation();
  const all = rows.filter(({ taken }) => !taken);
  const words: Record<string, string> = {
    new: t("variants.new"),
    active: t("variants.active"),
    retired: t("variants.retired"),
  };
  return (
    <div className="hc-convert">
      <table className="hc-plain-table" data-testid="variants">
        <thead>
          <tr>
            <th>
              <Checkbox
                aria-label={t("variants.all")}
                checked={all.length > 0 && all.every((row) => isTicked(row, ticks))}
                onChange={(event) => onTick(all, event.target.checked)}
              />
            </th>
            <th>{t("variants.code")}</th>
            <th>{t("variants.name")}</th>
            <th className="hc-wide-only">{t("variants.spec")}</th>
            <th>{t("variants.state")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              <td>
                <Checkbox
                  aria-label={row.code}
                  disabled={row.taken}
                  checked={isTicked(row, ticks)}
                  onChange={(event) => onTick([row], event.target.checked)}
                />
              </td>
              <td>{row.code}</td>
              <td>{row.name}</td>
              <td className="hc-wide-only">{row.spec}</td>
              <td>
                {row.taken ? (
                  <Tag color="error">{t("variants.taken")}</Tag>
                ) : (
                  <Tag color={TONES[row.state]}>{words[row.state]}</Tag>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Counts({ wanted }: { wanted: ReturnType<typeof wantedOf>["wanted"] }) {
  const { t } = useTranslation();
  const counts = {
    create: wanted.create.length,
    retire: wanted.retire.length,
    restore: wanted.restore.length,
    apply: wanted.apply.length,
  };
  return <p data-testid="variants-count">{t("variants.count", counts)}</p>;
}

interface DialogProps {
  meta: RecordMeta;
  stored: Stored;
  record: RecordHandle;
  onClose: () => void;
}

function VariantsDialog({ meta, stored, record, onClose }: DialogProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<Record<number, number[]>>({});
  const [ticks, setTicks] = useState<Record<string, boolean>>({});
  const [applied, setApplied] = useState<number[]>([]);
  const [busy, setBusy] = useState(false);
  const { data, error } = useQuery({
    queryKey: ["variants", meta.collection, stored.id, chosen],
    queryFn: () => calls.variants(meta.collection, stored.id, chosen),
    placeholderData: keepPreviousData,
    gcTime: 0,
    retry: false,
  });
  const { wanted, unlike, nothing } = wantedOf(data, ticks, applied);
  const confirm = async () => {
    setBusy(true);
    try {
      const done = await calls.generate(meta.collection, stored.id, wanted);
      record.accept(await calls.read(meta.collection, stored.id));
      refresh(client);
      void client.invalidateQueries({ queryKey: ["meta"] });
      void message.success(t("variants.done", { ...done }));
      onClose();
    } catch (failure) {
      void message.error(messageOf(failure, t("error.network")), 6);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      width={820}
      title={t("variants.title")}
      okText={t("variants.title")}
      cancelText={t("record.cancel")}
      okButtonProps={{ disabled: nothing || Boolean(error), loading: busy }}
      onOk={() => void confirm()}
      onCancel={onClose}
    >
      {!data && !error && <Spin className="hc-loading" />}
      {data && (
        <Axes axes={data.axes} onChoose={(at, ids) => setChosen((before) => ({ ...before, [at]: ids }))} />
      )}
      {error && <p className="hc-bad">{messageOf(error, t("error.network"))}</p>}
      {data && !error && (
        <>
          <p className="hc-dim">{t("variants.explain")}</p>
          <Rows
            rows={data.rows}
            ticks={ticks}
            onTick={(rows, ticked) =>
              setTicks((before) => ({
                ...before,
                ...Object.fromEntries(rows.map((row) => [keyOf(row), ticked])),
              }))
            }
          />
          <UnlikeItems items={unlike} applied={applied} onApply={setApplied} />
          <Counts wanted={wanted} />
        </>
      )}
    </Modal>
  );
}

/** The button of a master that generates others; what was typed is saved first. */
export function VariantsButton({ meta, record }: Pick<DialogProps, "meta" | "record">) {
  const { t } = useTranslation();
  const [stored, setStored] = useState<Stored | null>(null);
  if (!meta.generates) return null;
  return (
    <>
      <Button
        icon={<PartitionOutlined />}
        disabled={record.busy}
        onClick={() => void record.saved().then(setStored)}
      >
        {t("variants.title")}
      </Button>
      {stored && <VariantsDialog {...{ meta, record, stored }} onClose={() => setStored(null)} />}
    </>
  );
}
