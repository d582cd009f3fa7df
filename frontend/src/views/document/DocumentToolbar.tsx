/** The buttons of a document, in the order of the work: save, move on, derive, look. */
import { Button, Dropdown, Tag, Tooltip } from "antd";
import {
  CarOutlined,
  CopyOutlined,
  DeleteOutlined,
  DownOutlined,
  EyeOutlined,
  PrinterOutlined,
  PlusOutlined,
  QuestionCircleOutlined,
  SaveOutlined,
} from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { Stored } from "../../api/shapes";
import type { RecordMeta } from "../../meta/types";
import { textOf } from "../../meta/values";
import { isThere } from "../record/depending";
import type { RecordHandle } from "../record/useRecord";
import { SIDES, type Side } from "./SideDrawer";
import type { DocumentCommands } from "./useDocument";

interface DocumentToolbarProps {
  meta: RecordMeta;
  record: RecordHandle;
  commands: DocumentCommands;
  canPreview: boolean;
  onSaveNew: () => void;
  onNew: () => void;
  onPreview: () => void;
  onPrint: () => void;
  onShip: () => void;
  onSide: (side: Side) => void;
  onKeys: () => void;
}

function Transitions({ commands, busy }: { commands: DocumentCommands; busy: boolean }) {
  return commands.buttons.transitions.map((entry) => (
    <Tooltip
      key={entry.name}
      title={entry.enabled ? (entry.name === "post" ? "F8" : undefined) : entry.reason}
    >
      <Button
        type={entry.declared?.primary ? "primary" : "default"}
        danger={entry.declared?.danger ?? false}
        disabled={!entry.enabled || busy}
        data-testid={`transition-${entry.name}`}
        onClick={() => void commands.transition(entry)}
      >
        {entry.label}
      </Button>
    </Tooltip>
  ));
}

function Conversions({ commands, busy }: { commands: DocumentCommands; busy: boolean }) {
  const { t } = useTranslation();
  const { conversions } = commands.buttons;
  if (conversions.length === 0) return null;
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: conversions.map((entry) => ({
          key: entry.name,
          label: (
            <Tooltip title={entry.enabled ? undefined : entry.reason}>
              <span data-testid={`convert-${entry.name}`}>{entry.label}</span>
            </Tooltip>
          ),
          disabled: !entry.enabled,
          onClick: () => void commands.convert(entry),
        })),
      }}
    >
      <Button disabled={busy} data-testid="conversions">
        {t("document.convert")} <DownOutlined />
      </Button>
    </Dropdown>
  );
}

/** How the goods get on, beside how the document does. */
function LaterTags({ meta, stored }: { meta: RecordMeta; stored: Stored }) {
  return meta.fields
    .filter((field) => field.later && field.readonly)
    .map((field) => {
      const choice = field.choices.find(({ value }) => value === stored[field.name]);
      if (!choice) return null;
      return (
        <Tag key={field.name} data-testid={`tag-${field.name}`} {...(choice.tone && { color: choice.tone })}>
          {choice.label}
        </Tag>
      );
    });
}

export function StateTags({ meta, record }: Pick<DocumentToolbarProps, "meta" | "record">) {
  const { t } = useTranslation();
  const { stored, dirty } = record;
  const state = meta.states.find((entry) => entry.value === (stored ? stored.state : "draft"));
  const progress = textOf(stored?.progress);
  return (
    <span className="hc-states">
      {state && (
        <Tag
          data-testid="document-state"
          color={state.tone && state.tone !== "default" ? state.tone : undefined}
        >
          {textOf(stored?.state_label) || state.label}
        </Tag>
      )}
      {stored && progress && progress !== "none" && stored.state !== "draft" && (
        <Tag color={progress === "complete" ? "success" : "processing"}>{t(`progress.${progress}`)}</Tag>
      )}
      {stored && <LaterTags meta={meta} stored={stored} />}
      {dirty && <Tag color="warning">{t("record.unsaved")}</Tag>}
    </span>
  );
}

/** What is looked at or made from the document, at the right end. */
function Tools(props: DocumentToolbarProps) {
  const { meta, record, commands } = props;
  const { t } = useTranslation();
  const { buttons } = commands;
  const { stored, busy } = record;
  return (
    <>
      {stored &&
        SIDES.map((side) => (
          <Button key={side} type="text" onClick={() => props.onSide(side)}>
            {t(`document.${side}`)}
          </Button>
        ))}
      {buttons.canCopy && (
        <Tooltip title={buttons.canCopy.reason ?? t("document.copy")}>
          <Button
            icon={<CopyOutlined />}
            aria-label={t("document.copy")}
            disabled={!buttons.canCopy.enabled || busy}
            onClick={() => void commands.copy()}
          />
        </Tooltip>
      )}
      <Tooltip title={`${t("print.preview")} Ctrl+P`}>
        <Button icon={<PrinterOutlined />} aria-label={t("print.preview")} onClick={props.onPrint} />
      </Tooltip>
      {buttons.canDelete && (
        <Tooltip title={buttons.canDelete.reason ?? t("record.delete")}>
          <Button
            danger
            icon={<DeleteOutlined />}
            aria-label={t("record.delete")}
            disabled={!buttons.canDelete.enabled || busy}
            onClick={() => void commands.erase()}
          />
        </Tooltip>
      )}
      {meta.permissions.create && (
        <Tooltip title={`${t("list.new")} Alt+N`}>
          <Button icon={<PlusOutlined />} aria-label={t("list.new")} onClick={props.onNew} />
        </Tooltip>
      )}
      <Button
        type="text"
        icon={<QuestionCircleOutlined />}
        aria-label={t("keys.title")}
        onClick={props.onKeys}
      />
    </>
  );
}

export function DocumentToolbar(props: DocumentToolbarProps) {
  const { record, commands, canPreview } = props;
  const { t } = useTranslation();
  const { buttons } = commands;
  const { busy } = record;
  return (
    <div className="hc-toolbar">
      {buttons.canSave && (
        <>
          <Tooltip title="Ctrl+S">
            <Button
              aria-label={t("record.save")}
              icon={<SaveOutlined />}
              loading={busy}
              onClick={() => void record.save()}
            >
              {t("record.save")}
            </Button>
          </Tooltip>
          <Tooltip title="Ctrl+Enter">
            <Button disabled={busy} onClick={props.onSaveNew}>
              {t("record.save_new")}
            </Button>
          </Tooltip>
        </>
      )}
      {buttons.canSave &&
        props.meta.line_fills
          .filter((fill) => isThere(fill, record.draft?.header ?? {}))
          .map(({ name, label }) => (
            <Button
              key={name}
              disabled={busy}
              data-testid={`fill-${name}`}
              onClick={() => void record.fill(name)}
            >
              {label}
            </Button>
          ))}
      <Transitions commands={commands} busy={busy} />
      {buttons.shipping && props.meta.shipping && (
        <Button disabled={busy} data-testid="ship" icon={<CarOutlined />} onClick={props.onShip}>
          {buttons.shipping.label}
        </Button>
      )}
      <Conversions commands={commands} busy={busy} />
      {canPreview && (
        <Button
          aria-label={t("document.preview")}
          icon={<EyeOutlined />}
          disabled={busy}
          onClick={props.onPreview}
        >
          {t("document.preview")}
        </Button>
      )}
      <span className="hc-spring" />
      <Tools {...props} />
    </div>
  );
}
