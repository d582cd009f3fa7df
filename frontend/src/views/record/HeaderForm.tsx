/** The head of a record: its fields in their groups; Enter goes from field to field and on into the lines. */
import { type KeyboardEvent, type ReactNode, memo, useEffect, useRef, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { CaretDownOutlined, CaretRightOutlined } from "@ant-design/icons";
import type { Json, JsonObject } from "../../api/json";
import { kindOf, type PickContext } from "../../fields";
import { optionsQuery } from "../../fields/options";
import { usePlace } from "../../meta/context";
import type { FieldMeta } from "../../meta/types";
import { type Values, isEmpty } from "../../meta/values";

interface HeaderFormProps {
  id: string;
  fields: readonly FieldMeta[];
  values: Values;
  problems: Record<string, string>;
  /** Quiet words under a field. */
  notes?: Record<string, string>;
  readOnly: boolean;
  context: PickContext;
  onChange: (field: FieldMeta, value: Json, option?: JsonObject | null) => void;
  /** Called by Enter in the last field. */
  onDone?: () => void;
  /** Whether the cursor waits in the first field as soon as the form is there. */
  startsHere?: boolean;
}

const FOCUSABLE =
  "input:not([disabled]):not([readonly]), textarea:not([disabled]), button[role=switch]:not([disabled])";

/**
 * Enter goes on; in an open list it takes the option first; in a long text Shift+Enter breaks the line. It passes
 * switches, which most documents leave as they are: Tab stops there.
 */
function goOn(event: KeyboardEvent<HTMLElement>, onDone?: () => void): void {
  if (event.key !== "Enter" || event.nativeEvent.isComposing || event.keyCode === 229) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const target = event.target as HTMLElement;
  const listOpen = target.getAttribute("aria-expanded") === "true";
  const form = event.currentTarget;
  const move = () => {
    const inputs = [...form.querySelectorAll<HTMLElement>(FOCUSABLE)];
    const after = inputs.slice(inputs.indexOf(target) + 1);
    const next = after.find((one) => one.getAttribute("role") !== "switch");
    if (next) next.focus();
    else onDone?.();
  };
  if (listOpen) setTimeout(move);
  else {
    event.preventDefault();
    event.stopPropagation();
    move();
  }
}

interface FieldRowProps extends Omit<
  HeaderFormProps,
  "id" | "fields" | "problems" | "notes" | "onDone" | "startsHere"
> {
  id: string;
  field: FieldMeta;
  problem: string | undefined;
  note: string | undefined;
}

function FieldRow(props: FieldRowProps) {
  const { id, field, values, problem, note, readOnly, context, onChange } = props;
  const kind = kindOf(field.kind);
  const value = values[field.name];
  const reading = readOnly || field.readonly;
  const wide = field.kind === "longtext" ? " hc-field-wide" : "";
  return (
    <div className={`hc-field${wide}${problem ? " hc-field-error" : ""}`} data-testid={`field-${field.name}`}>
      <label htmlFor={id} title={field.help ?? undefined}>
        {field.label}
        {field.required && !reading && field.kind !== "boolean" && <i className="hc-required">*</i>}
      </label>
      <div className="hc-field-value">
        {reading ? (
          <span id={id} className="hc-readonly">
            <kind.Cell field={field} value={value} />
          </span>
        ) : (
          <kind.Input
            id={id}
            field={field}
            value={value}
            row={values}
            context={context}
            invalid={problem !== undefined}
            onChange={(next, option) => onChange(field, next, option)}
          />
        )}
        {note && !problem && <div className="hc-field-note">{note}</div>}
        {problem && (
          <div className="hc-problem" role="alert">
            {problem}
          </div>
        )}
      </div>
    </div>
  );
}

interface GroupProps extends Pick<HeaderFormProps, "fields" | "values" | "problems" | "readOnly"> {
  name: string | null;
  children: (field: FieldMeta) => ReactNode;
}

/** A group under its name. One of facts that are known later is folded while it holds none, and out of the way of Enter. */
function Group({ name, fields, values, problems, readOnly, children }: GroupProps) {
  const [unfolded, setUnfolded] = useState(false);
  const filled = fields.some((field) => !isEmpty(values[field.name]) || problems[field.name] !== undefined);
  const folds = name !== null && !filled && fields.every(({ later }) => later);
  if (folds && readOnly) return null;
  const open = !folds || unfolded;
  return (
    <>
      {name !== null && (
        <h3 className="hc-group">
          {folds ? (
            <button
              type="button"
              className="hc-fold"
              aria-expanded={open}
              onClick={() => setUnfolded(!unfolded)}
            >
              {open ? <CaretDownOutlined /> : <CaretRightOutlined />} {name}
            </button>
          ) : (
            name
          )}
        </h3>
      )}
      {open && <div className="hc-fields">{fields.map(children)}</div>}
    </>
  );
}

const NO_NOTES: Record<string, string> = {};

function HeaderFormView(props: HeaderFormProps) {
  const { id, fields, values, problems, readOnly, context, onChange, onDone } = props;
  const shown = fields.filter((field) => !field.readonly || !isEmpty(values[field.name]));
  const groups = [...new Set(shown.map((field) => field.group))];
  const form = useRef<HTMLDivElement>(null);
  const { startsHere = false, notes = NO_NOTES } = props;
  useEffect(() => {
    if (startsHere) form.current?.querySelector<HTMLElement>(FOCUSABLE)?.focus();
  }, [startsHere]);
  return (
    <div ref={form} className="hc-header-form" onKeyDownCapture={(event) => !readOnly && goOn(event, onDone)}>
      {groups.map((group) => (
        <Group
          key={group ?? ""}
          name={groups.length > 1 ? group : null}
          fields={shown.filter((field) => field.group === group)}
          values={values}
          problems={problems}
          readOnly={readOnly}
        >
          {(field) => (
            <FieldRow
              key={field.name}
              id={`${id}-${field.name}`}
              field={field}
              values={values}
              problem={problems[field.name]}
              note={notes[field.name]}
              readOnly={readOnly}
              context={context}
              onChange={onChange}
            />
          )}
        </Group>
      ))}
    </div>
  );
}

export const HeaderForm = memo(HeaderFormView);

const NOBODY = { party: null, place: null, day: null, documentType: null };

/** Asks for the defaults that only the server knows: the first option of a ref, and the user himself. */
export function useAskedDefaults(
  fields: readonly FieldMeta[],
  enabled: boolean,
  prefill: (name: string, value: Json) => void,
): void {
  const client = useQueryClient();
  const { username, userId } = usePlace();
  const done = useRef(false);
  useEffect(() => {
    if (!enabled || done.current) return;
    done.current = true;
    for (const field of fields) {
      if (!field.ref || (field.default !== "@first" && field.default !== "@user")) continue;
      const self = field.default === "@user";
      void client
        .fetchQuery(optionsQuery(field.ref, self ? username : "", NOBODY))
        .then((found) => {
          const wanted = self ? found.find(({ id }) => id === userId) : found[0];
          if (wanted) prefill(field.name, wanted);
        })
        .catch(() => undefined);
    }
  }, [client, enabled, fields, prefill, userId, username]);
}
