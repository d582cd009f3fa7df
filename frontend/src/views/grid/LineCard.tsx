/** One line as a card: what it is about, how many at which price, what it comes to. A tap opens it. */
import { memo } from "react";
import { RightOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { kindOf } from "../../fields";
import type { Basis } from "../../meta/amounts";
import type { FieldMeta } from "../../meta/types";
import { type Values, isEmpty, textOf } from "../../meta/values";
import { shownValue } from "../record/inherit";
import type { Line } from "../record/lines";
import { cardParts } from "./cardParts";

interface LineCardProps {
  line: Line;
  index: number;
  fields: readonly FieldMeta[];
  inherited: Values;
  basis: Basis;
  errors: Record<string, string> | undefined;
  onOpen: (key: string) => void;
}

interface PartProps {
  field: FieldMeta | undefined;
  line: Line;
  index: number;
  inherited: Values;
  labelled?: boolean;
}

function Part({ field, line, index, inherited, labelled = false }: PartProps) {
  if (!field) return null;
  const value = shownValue(line, field.name, inherited);
  const pending = line.unresolved[field.name];
  if (isEmpty(value) && !pending) return null;
  const kind = kindOf(field.kind);
  return (
    <span data-testid={`cell-${index}-${field.name}`}>
      {labelled && <span className="hc-dim">{field.label} </span>}
      {pending ? (
        <span className="hc-pending">{pending.text}</span>
      ) : kind.links ? (
        textOf(value)
      ) : (
        <kind.Cell field={field} value={value} />
      )}
    </span>
  );
}

function LineCardView({ line, index, fields, inherited, basis, errors, onOpen }: LineCardProps) {
  const { t } = useTranslation();
  const { title, quantity, unit, second, secondUnit, price, amount, rest } = cardParts(fields, line, basis);
  const marks = [
    ...Object.values(line.unresolved).map(({ reason, text }) => t(reason, { text })),
    ...Object.values(errors ?? {}),
  ];
  const place = { line, index, inherited };
  // A number without a unit beside it needs its name.
  const bare = unit === undefined || isEmpty(line.values[unit.name]);
  return (
    <button
      type="button"
      className={marks.length > 0 ? "hc-line-card hc-line-card-bad" : "hc-line-card"}
      data-testid={`line-${index}`}
      onClick={() => onOpen(line.key)}
    >
      <span className="hc-line-card-number">{index + 1}</span>
      <span className="hc-line-card-main">
        <b>
          <Part field={title} {...place} />
        </b>
        <span className="hc-line-card-figures">
          <span>
            <Part field={quantity} {...place} labelled={bare} /> <Part field={unit} {...place} />
          </span>
          {second && (
            <span>
              <Part field={second} {...place} /> <Part field={secondUnit} {...place} />
            </span>
          )}
          <Part field={price} {...place} labelled />
        </span>
        {rest.length > 0 && (
          <span className="hc-line-card-rest">
            {rest.map((field) => (
              <Part key={field.name} field={field} {...place} labelled={field.kind !== "ref"} />
            ))}
          </span>
        )}
        {marks.length > 0 && <span className="hc-problem">{marks.join(" ")}</span>}
      </span>
      <span className="hc-line-card-amount">
        <Part field={amount} {...place} />
      </span>
      <RightOutlined className="hc-dim" />
    </button>
  );
}

export const LineCard = memo(LineCardView);
