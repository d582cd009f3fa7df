/** Ctrl+K: screens by name, new documents, documents by number, goods and parties, all from one line. */
import { type KeyboardEvent, useMemo, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Input, type InputRef, Modal } from "antd";
import { SearchOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import * as calls from "../api/calls";
import { useSettled } from "../fields/options";
import { pathOf, useMeta } from "../meta/context";
import type { Meta, RecordMeta } from "../meta/types";
import { textOf } from "../meta/values";
import { entryLabel } from "./SideMenu";

interface Hit {
  key: string;
  group: string;
  label: string;
  detail: string;
  run: () => void;
}

const LEAST_SEARCH = 2;
const MOST_PER_KIND = 6;
const SEARCHED_MASTERS = ["items", "parties"];

type Translate = (key: string, values?: Record<string, string>) => string;

function screenHits(
  meta: Meta,
  text: string,
  t: Translate,
  open: (path: string) => void,
  openNew: (base: string) => void,
): Hit[] {
  const wanted = text.trim().toLowerCase();
  const matches = (label: string, name: string) =>
    wanted === "" || label.toLowerCase().includes(wanted) || name.includes(wanted.replace(/\s+/g, "_"));
  const screens = meta.menu.flatMap((group) =>
    group.entries.flatMap((entry): Hit[] => {
      const label = entryLabel(meta, entry);
      if (label === null || !matches(label, entry.name)) return [];
      const path = pathOf(entry.kind, entry.name);
      return [{ key: path, group: t("search.screens"), label, detail: group.label, run: () => open(path) }];
    }),
  );
  const fresh = Object.values(meta.documents)
    .filter((entry) => wanted !== "" && entry.permissions.create && matches(entry.label, entry.name))
    .map((entry): Hit => ({
      key: `new-${entry.name}`,
      group: t("search.new"),
      label: t("search.new_one", { label: entry.label }),
      detail: "",
      run: () => openNew(pathOf("document", entry.name)),
    }));
  return [...screens.slice(0, wanted === "" ? 30 : MOST_PER_KIND), ...fresh.slice(0, MOST_PER_KIND)];
}

/** Records found by the server: documents whose number holds the text, and what the pickers find. */
function useRecordHits(text: string, open: (path: string) => void): Hit[] {
  const meta = useMeta();
  const settled = useSettled(text).trim();
  const { data } = useQuery({
    queryKey: ["search", settled],
    enabled: settled.length >= LEAST_SEARCH,
    staleTime: 10_000,
    queryFn: async ({ signal }) => {
      const byNumber = /\d{3,}|-/.test(settled) ? Object.values(meta.documents) : [];
      const masters = Object.values(meta.masters).filter(({ collection }) =>
        SEARCHED_MASTERS.includes(collection),
      );
      const listed = byNumber.map(async (entry): Promise<[RecordMeta, string, string, number][]> => {
        const where = JSON.stringify([{ field: "number", op: "contains", value: settled }]);
        const answer = await calls
          .list(entry.collection, { where, limit: MOST_PER_KIND }, signal)
          .catch(() => null);
        return (answer?.rows ?? []).map((row) => [entry, textOf(row.number), textOf(row.party), row.id]);
      });
      const picked = masters.map(async (entry): Promise<[RecordMeta, string, string, number][]> => {
        const query = { search: settled, limit: MOST_PER_KIND };
        const found = await calls.options(entry.collection, query, signal).catch(() => []);
        return found.map((option) => [
          entry,
          option.label,
          [option.code, textOf(option.spec)].join(" "),
          option.id,
        ]);
      });
      return (await Promise.all([...listed, ...picked])).flat();
    },
  });
  return useMemo(
    () =>
      (data ?? []).map(([entry, label, detail, id]) => ({
        key: `${entry.name}-${id}`,
        group: entry.label,
        label,
        detail,
        run: () => open(pathOf(entry.family, entry.name, id)),
      })),
    [data, open],
  );
}

interface CommandPaletteProps {
  shown: boolean;
  onClose: () => void;
  open: (path: string) => void;
  openNew: (base: string) => void;
}

function Palette({ onClose, open, openNew }: Omit<CommandPaletteProps, "shown">) {
  const { t } = useTranslation();
  const meta = useMeta();
  const [text, setText] = useState("");
  const [index, setIndex] = useState(0);
  const screens = useMemo(() => screenHits(meta, text, t, open, openNew), [meta, open, openNew, t, text]);
  const records = useRecordHits(text, open);
  const hits = [...screens, ...records];
  const current = Math.min(index, hits.length - 1);
  const run = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    hit.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") setIndex((current + 1) % Math.max(1, hits.length));
    else if (event.key === "ArrowUp") setIndex((current + hits.length - 1) % Math.max(1, hits.length));
    else if (event.key === "Enter") run(hits[current]);
    else return;
    event.preventDefault();
  };
  return (
    <div className="hc-palette" onKeyDown={onKeyDown}>
      <Input
        ref={(input: InputRef | null) => input?.focus()}
        size="large"
        variant="borderless"
        prefix={<SearchOutlined />}
        aria-label={t("search.label")}
        placeholder={t("search.placeholder")}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setIndex(0);
        }}
      />
      <ul role="listbox" aria-label={t("search.results")}>
        {hits.map((hit, at) => (
          <li key={hit.key}>
            {hit.group !== hits[at - 1]?.group && <div className="hc-palette-group">{hit.group}</div>}
            <button
              type="button"
              role="option"
              aria-selected={at === current}
              tabIndex={-1}
              ref={at === current ? (element) => element?.scrollIntoView?.({ block: "nearest" }) : undefined}
              onClick={() => run(hit)}
            >
              <span>{hit.label}</span>
              <span className="hc-dim">{hit.detail}</span>
            </button>
          </li>
        ))}
        {hits.length === 0 && <li className="hc-picker-note">{t("picker.nothing")}</li>}
      </ul>
    </div>
  );
}

export function CommandPalette({ shown, onClose, open, openNew }: CommandPaletteProps) {
  return (
    <Modal
      open={shown}
      onCancel={onClose}
      footer={null}
      closable={false}
      width={600}
      destroyOnHidden
      className="hc-palette-modal"
    >
      <Palette onClose={onClose} open={open} openNew={openNew} />
    </Modal>
  );
}
