/** The keys, on "?". */
import { Modal } from "antd";
import { useTranslation } from "react-i18next";

const KEYS = [
  ["Ctrl+S", "save"],
  ["Ctrl+Enter", "save_new"],
  ["F8", "post"],
  ["Alt+N", "new"],
  ["Ctrl+P", "print"],
  ["Ctrl+K", "search"],
  ["Enter", "enter"],
  ["Tab", "tab"],
  ["F2", "edit"],
  ["Esc", "cancel"],
  ["Insert", "insert"],
  ["Ctrl+Delete", "delete"],
  ["Ctrl+D", "copy_line"],
  ["Alt+M", "matrix"],
  ["Ctrl+C / Ctrl+V", "clipboard"],
  ["Ctrl+Z / Ctrl+Y", "undo"],
  ["Shift+\u2190\u2191\u2192\u2193", "range"],
] as const;

export function KeymapDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal open={open} title={t("keys.title")} footer={null} onCancel={onClose}>
      <dl className="hc-keys">
        {KEYS.map(([key, name]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`keys.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
