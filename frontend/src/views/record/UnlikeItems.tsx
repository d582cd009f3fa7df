/** 与款不同 Items of a family with other prices or tax than it has now. */
import { Checkbox } from "antd";
import { useTranslation } from "react-i18next";
import type { UnlikeItem } from "../../api/shapes";
import { kindOf } from "../../fields";
import { plainField } from "../list/state";

function Change({ name, label, kind, before, after }: UnlikeItem["changes"][number]) {
  const { Cell } = kindOf(kind);
  const field = plainField(name, label, kind);
  const shown = (value: string | null) => (value === null ? "–" : <Cell field={field} value={value} />);
  return (
    <div>
      <span className="hc-dim">{label}</span> {shown(before)} → {shown(after)}
    </div>
  );
}

interface UnlikeProps {
  items: readonly UnlikeItem[];
  applied: readonly number[];
  onApply: (items: number[]) => void;
}

/** The items that cost otherwise than the family says now, old and new beside each other, and which of them shall follow it. */
export function UnlikeItems({ items, applied, onApply }: UnlikeProps) {
  const { t } = useTranslation();
  if (items.length === 0) return null;
  const all = items.map(({ item }) => item);
  const turn = (item: number, on: boolean) =>
    onApply(on ? [...applied, item] : applied.filter((one) => one !== item));
  return (
    <>
      <h4>{t("variants.unlike")}</h4>
      <div className="hc-convert">
        <table className="hc-plain-table" data-testid="variants-unlike">
          <thead>
            <tr>
              <th>
                <Checkbox
                  aria-label={t("variants.apply")}
                  checked={all.every((item) => applied.includes(item))}
                  onChange={(event) => onApply(event.target.checked ? all : [])}
                />
              </th>
              <th>{t("variants.code")}</th>
              <th className="hc-wide-only">{t("variants.name")}</th>
              <th>{t("variants.apply")}</th>
            </tr>
          </thead>
          <tbody>
            {items.map(({ item, code, name, changes }) => (
              <tr key={item}>
                <td>
                  <Checkbox
                    aria-label={`${t("variants.apply")} ${code}`}
                    checked={applied.includes(item)}
                    onChange={(event) => turn(item, event.target.checked)}
                  />
                </td>
                <td>{code}</td>
                <td className="hc-wide-only">{name}</td>
                <td>
                  {changes.map((change) => (
                    <Change key={change.label} {...change} />
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
