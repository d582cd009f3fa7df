/** What is the same for one document and for many: the state the goods came into, when, and a word. */
import { DatePicker, Input, Select } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import type { JsonObject } from "../../api/json";
import type { Choice } from "../../meta/types";

export interface Happening {
  state: string;
  note: string;
  at: string | null;
}

export const NOTHING_YET: Happening = { state: "", note: "", at: null };

/** As the server takes it: what was left empty is not sent. */
export const happeningOf = ({ state, note, at }: Happening): JsonObject => ({
  ...(state !== "" && { state }),
  ...(note.trim() !== "" && { note: note.trim() }),
  ...(at !== null && { happened_at: at }),
});

interface ShipFormProps {
  states: readonly Choice[];
  value: Happening;
  onChange: (value: Happening) => void;
}

export function ShipForm({ states, value, onChange }: ShipFormProps) {
  const { t } = useTranslation();
  const options = [
    { value: "", label: t("shipping.unchanged") },
    ...states.map((state) => ({ value: state.value, label: state.label })),
  ];
  return (
    <div className="hc-fields">
      <div className="hc-field">
        <label htmlFor="hc-ship-state">{t("shipping.state")}</label>
        <Select
          id="hc-ship-state"
          className="hc-fill"
          value={value.state}
          options={options}
          onChange={(state: string) => onChange({ ...value, state })}
        />
      </div>
      <div className="hc-field">
        <label htmlFor="hc-ship-at">{t("shipping.when")}</label>
        <DatePicker
          id="hc-ship-at"
          className="hc-fill"
          showTime={{ format: "HH:mm" }}
          format="YYYY-MM-DD HH:mm"
          placeholder={t("shipping.now")}
          value={value.at === null ? null : dayjs(value.at)}
          onChange={(picked) =>
            onChange({ ...value, at: picked ? picked.format("YYYY-MM-DDTHH:mm:ss") : null })
          }
        />
      </div>
      <div className="hc-field hc-field-wide">
        <label htmlFor="hc-ship-note">{t("shipping.note")}</label>
        <Input
          id="hc-ship-note"
          maxLength={200}
          placeholder={t("shipping.note_hint")}
          value={value.note}
          onChange={(event) => onChange({ ...value, note: event.target.value })}
        />
      </div>
    </div>
  );
}
