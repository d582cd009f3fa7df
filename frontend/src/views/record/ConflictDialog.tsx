/** Somebody else saved in the meantime: both versions side by side, and the choice. */
import { Button, Modal } from "antd";
import { useTranslation } from "react-i18next";
import type { JsonObject } from "../../api/json";
import { kindOf } from "../../fields";
import type { RecordMeta } from "../../meta/types";
import { textOf } from "../../meta/values";
import { type Draft, differences } from "./draft";

interface ConflictDialogProps {
  meta: RecordMeta;
  draft: Draft;
  current: JsonObject | null;
  onSettle: (mine: boolean) => void;
  onDismiss: () => void;
}

export function ConflictDialog({ meta, draft, current, onSettle, onDismiss }: ConflictDialogProps) {
  const { t } = useTranslation();
  const found = current ? differences(meta, draft, current) : [];
  return (
    <Modal
      open={current !== null}
      title={t("conflict.title")}
      width={680}
      onCancel={onDismiss}
      footer={[
        <Button key="back" onClick={onDismiss}>
          {t("conflict.back")}
        </Button>,
        <Button key="theirs" onClick={() => onSettle(false)}>
          {t("conflict.theirs")}
        </Button>,
        <Button key="mine" type="primary" danger onClick={() => onSettle(true)}>
          {t("conflict.mine")}
        </Button>,
      ]}
    >
      <p>{t("conflict.explain", { by: textOf(current?.changed_by) || t("conflict.somebody") })}</p>
      <table className="hc-plain-table">
        <thead>
          <tr>
            <th>{t("conflict.field")}</th>
            <th>{t("conflict.my_value")}</th>
            <th>{t("conflict.their_value")}</th>
          </tr>
        </thead>
        <tbody>
          {found.map(({ label, field, mine, theirs }) => {
            const Cell = kindOf(field?.kind ?? "text").Cell;
            return (
              <tr key={label}>
                <td>{label}</td>
                <td>{field && <Cell field={field} value={mine} />}</td>
                <td>{field && <Cell field={field} value={theirs} />}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {found.length === 0 && <p className="hc-dim">{t("conflict.same")}</p>}
    </Modal>
  );
}
