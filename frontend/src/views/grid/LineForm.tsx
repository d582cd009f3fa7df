/** One line as a form that fills the telephone: the declared fields, drawn like the head of a record. */
import { useEffect, useMemo, useRef } from "react";
import { Button, ConfigProvider, Drawer } from "antd";
import { DeleteOutlined, LeftOutlined, PlusOutlined, RightOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { Json, JsonObject } from "../../api/json";
import type { PickContext } from "../../fields";
import type { FieldMeta } from "../../meta/types";
import type { Values } from "../../meta/values";
import { HeaderForm } from "../record/HeaderForm";
import { isInherited, shownValue } from "../record/inherit";
import type { Line } from "../record/lines";
import { LineInfo } from "./LineInfo";

interface LineFormProps {
  label: string;
  line: Line;
  /** Which of how many it is, from 0. */
  index: number;
  count: number;
  fields: readonly FieldMeta[];
  inherited: Values;
  context: PickContext;
  readOnly: boolean;
  problems: Record<string, string>;
  /** The field that is to be looked at first; empty for the first one of a new line; null for none. */
  goTo: string | null;
  onChange: (field: FieldMeta, value: Json, option: JsonObject | null) => void;
  onStep: (step: number) => void;
  onAdd: () => void;
  onDelete: () => void;
  onClose: () => void;
}

const FOCUSABLE = "input:not([disabled]):not([readonly]), textarea:not([disabled])";

/** Puts the cursor into the field asked for, once the form is in place. */
function useGoTo(formId: string, goTo: string | null) {
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (goTo === null) return;
    const timer = setTimeout(() => {
      const named = goTo === "" ? null : document.getElementById(`${formId}-${goTo}`);
      (named ?? body.current?.querySelector<HTMLElement>(FOCUSABLE))?.focus();
    }, 60);
    return () => clearTimeout(timer);
  }, [formId, goTo]);
  return body;
}

/** Next to what is inherited stands where it comes from. */
function useShown({ line, fields, inherited }: LineFormProps) {
  const { t } = useTranslation();
  return useMemo(() => {
    const names = fields.map(({ name }) => name);
    const values: Values = { ...line.values };
    for (const name of names) values[name] = shownValue(line, name, inherited) ?? null;
    const followed = names.filter((name) => isInherited(line, name, inherited));
    return { values, notes: Object.fromEntries(followed.map((name) => [name, t("grid.inherited")])) };
  }, [fields, inherited, line, t]);
}

function Foot({ readOnly, onAdd, onDelete, onClose }: LineFormProps) {
  const { t } = useTranslation();
  return (
    <div className="hc-line-form-foot">
      {!readOnly && (
        <Button danger type="text" icon={<DeleteOutlined />} onClick={onDelete}>
          {t("lines.delete")}
        </Button>
      )}
      <span className="hc-spring" />
      {!readOnly && (
        <Button icon={<PlusOutlined />} onClick={onAdd}>
          {t("lines.next")}
        </Button>
      )}
      <Button type="primary" onClick={onClose}>
        {t("lines.done")}
      </Button>
    </div>
  );
}

export function LineForm(props: LineFormProps) {
  const { label, line, index, count, fields, context, readOnly, problems, goTo } = props;
  const { t } = useTranslation();
  const formId = line.key;
  const body = useGoTo(formId, goTo);
  const { values, notes } = useShown(props);
  return (
    <ConfigProvider componentSize="large">
      <Drawer
        open
        placement="right"
        size="100%"
        rootClassName="hc-line-form"
        title={t("lines.title", { label, number: index + 1, count: Math.max(count, index + 1) })}
        onClose={props.onClose}
        extra={
          <>
            <Button
              type="text"
              icon={<LeftOutlined />}
              aria-label={t("lines.before")}
              disabled={index === 0}
              onClick={() => props.onStep(-1)}
            />
            <Button
              type="text"
              icon={<RightOutlined />}
              aria-label={t("lines.after")}
              disabled={index >= count - 1}
              onClick={() => props.onStep(1)}
            />
          </>
        }
        footer={<Foot {...props} />}
      >
        <div ref={body} data-testid="line-form">
          <LineInfo line={line} context={context} problem={undefined} title="" />
          <HeaderForm
            key={formId}
            id={formId}
            fields={fields}
            values={values}
            problems={problems}
            notes={notes}
            readOnly={readOnly}
            context={context}
            onChange={(field, value, option) => props.onChange(field, value, option ?? null)}
            onDone={props.onAdd}
          />
        </div>
      </Drawer>
    </ConfigProvider>
  );
}
