/** 常用筛选 Keep what a list shows under a name, have it back with a click, rename it, delete it, open the list with it. */
import { type ReactNode, useState } from "react";
import { App, Button, Checkbox, Input, Popover, Tooltip } from "antd";
import {
  CheckOutlined,
  DeleteOutlined,
  EditOutlined,
  FolderOutlined,
  StarFilled,
  StarOutlined,
} from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { SavedFilter } from "../../api/shapes";
import type { ListState } from "./state";
import { isUnchanged, pack } from "./saved";
import type { SavedFilters as Kept } from "./useSavedFilters";

interface SavedFiltersProps {
  kept: Kept;
  state: ListState;
  /** As they are shown now. */
  columns: readonly string[];
  today: string;
  /** Puts a kept filter on screen; null for the standard. */
  onChoose: (filter: SavedFilter | null) => void;
}

const MOST_LETTERS = 40;

function Tool({ label, icon, onClick }: { label: string; icon: ReactNode; onClick: () => void }) {
  return (
    <Tooltip title={label} mouseEnterDelay={0.6}>
      <Button type="text" size="small" icon={icon} aria-label={label} onClick={onClick} />
    </Tooltip>
  );
}

interface KeptRowProps {
  filter: SavedFilter;
  active: boolean;
  kept: Kept;
  onChoose: () => void;
  onGone: () => void;
}

/** One kept filter: its name chooses it; its tools stand beside it. */
function KeptRow({ filter, active, kept, onChoose, onGone }: KeptRowProps) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const [name, setName] = useState<string | null>(null);
  const rename = async () => {
    const wanted = name?.trim() ?? "";
    if (wanted !== "" && wanted !== filter.name && !(await kept.change(filter.id, { name: wanted }))) return;
    setName(null);
  };
  const erase = async () => {
    const sure = (await modal.confirm({
      title: t("filters.confirm_delete", { name: filter.name }),
      okText: t("record.ok"),
      cancelText: t("record.cancel"),
    })) as unknown as boolean;
    if (sure && (await kept.remove(filter.id))) onGone();
  };
  if (name !== null) {
    return (
      <li className="hc-kept">
        <Input
          autoFocus
          size="small"
          aria-label={t("filters.rename", { name: filter.name })}
          maxLength={MOST_LETTERS}
          value={name}
          onChange={(event) => setName(event.target.value)}
          onPressEnter={() => void rename()}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            setName(null);
          }}
          onBlur={() => void rename()}
        />
      </li>
    );
  }
  return (
    <li className="hc-kept" data-testid={`filter-${filter.id}`}>
      <button type="button" className="hc-kept-name" aria-current={active} onClick={onChoose}>
        <span className="hc-ellipsis">{filter.name}</span>
        {filter.is_default && <span className="hc-dim">{t("filters.default")}</span>}
        {active && <CheckOutlined />}
      </button>
      <Tool
        label={t(filter.is_default ? "filters.is_default" : "filters.make_default", { name: filter.name })}
        icon={filter.is_default ? <StarFilled /> : <StarOutlined />}
        onClick={() => void kept.change(filter.id, { is_default: !filter.is_default })}
      />
      <Tool
        label={t("filters.rename", { name: filter.name })}
        icon={<EditOutlined />}
        onClick={() => setName(filter.name)}
      />
      <Tool
        label={t("filters.delete", { name: filter.name })}
        icon={<DeleteOutlined />}
        onClick={() => void erase()}
      />
    </li>
  );
}

/** A name for what is on screen, and whether the list opens with it. */
function SaveForm({ onSave }: { onSave: (name: string, isDefault: boolean) => Promise<boolean> }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [isDefault, setDefault] = useState(false);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    if (name.trim() === "" || busy) return;
    setBusy(true);
    if (await onSave(name.trim(), isDefault)) {
      setName("");
      setDefault(false);
    }
    setBusy(false);
  };
  return (
    <form
      className="hc-kept-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Input
        aria-label={t("filters.name")}
        placeholder={t("filters.name")}
        maxLength={MOST_LETTERS}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Checkbox checked={isDefault} onChange={(event) => setDefault(event.target.checked)}>
        {t("filters.set_default")}
      </Checkbox>
      <Button htmlType="submit" type="primary" disabled={name.trim() === ""} loading={busy}>
        {t("filters.save")}
      </Button>
    </form>
  );
}

interface KeptListProps {
  kept: Kept;
  current: number | null;
  onChoose: (filter: SavedFilter | null) => void;
}

/** The kept filters, and the standard that is always there. */
function KeptList({ kept, current, onChoose }: KeptListProps) {
  const { t } = useTranslation();
  if (kept.filters.length === 0) return <p className="hc-dim">{t("filters.none")}</p>;
  return (
    <ul>
      {kept.filters.map((filter) => (
        <KeptRow
          key={filter.id}
          filter={filter}
          active={filter.id === current}
          kept={kept}
          onChoose={() => onChoose(filter)}
          onGone={() => filter.id === current && onChoose(null)}
        />
      ))}
      <li className="hc-kept">
        <button
          type="button"
          className="hc-kept-name"
          aria-current={current === null}
          onClick={() => onChoose(null)}
        >
          {t("filters.standard")}
        </button>
      </li>
    </ul>
  );
}

export function SavedFilters({ kept, state, columns, today, onChoose }: SavedFiltersProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const active = kept.filters.find(({ id }) => id === state.filter) ?? null;
  const changed = active !== null && !isUnchanged(active, state, columns, today);
  const choose = (filter: SavedFilter | null) => {
    onChoose(filter);
    setOpen(false);
  };
  const save = async (name: string, isDefault: boolean) => {
    const after = await kept.save(name, pack(state, columns, today), isDefault);
    const made = after?.find((one) => one.name === name);
    if (!made) return false;
    void message.success(t("filters.saved", { name }));
    choose(made);
    return true;
  };
  const update = async (filter: SavedFilter) => {
    const after = await kept.change(filter.id, { content: pack(state, columns, today) });
    if (!after) return;
    void message.success(t("filters.saved", { name: filter.name }));
    setOpen(false);
  };
  const panel = (
    <div className="hc-kept-panel" data-testid="saved-filters">
      <KeptList kept={kept} current={active?.id ?? null} onChoose={choose} />
      {changed && (
        <Button block onClick={() => void update(active)}>
          {t("filters.update", { name: active.name })}
        </Button>
      )}
      <SaveForm onSave={save} />
    </div>
  );
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomLeft"
      align={{ overflow: { adjustX: false, adjustY: true, shiftX: true } }}
      title={t("filters.title")}
      content={panel}
      destroyOnHidden
    >
      <Button
        className="hc-kept-button"
        icon={active ? <StarFilled /> : <FolderOutlined />}
        aria-label={active ? `${t("filters.title")} ${active.name}` : t("filters.title")}
      >
        <span className="hc-ellipsis">{active?.name ?? t("filters.title")}</span>
        {changed && <span className="hc-dim">{t("filters.changed")}</span>}
      </Button>
    </Popover>
  );
}
