/** What is worth knowing about the line at hand: stock, last price, and why its cell is marked. */
import { useTranslation } from "react-i18next";
import type { PickContext } from "../../fields";
import { useItemOption } from "../../fields/options";
import { formatDecimal } from "../../meta/numbers";
import { textOf } from "../../meta/values";
import type { Line } from "../record/lines";

interface LineInfoProps {
  line: Line | undefined;
  context: PickContext;
  problem: string | undefined;
  /** Shown while no goods are at hand. */
  title: string;
}

const FIGURES = ["on_hand", "available", "last_price"] as const;

export function LineInfo({ line, context, problem, title }: LineInfoProps) {
  const { t } = useTranslation();
  const option = useItemOption(line?.values.item, context);
  return (
    <div className="hc-grid-info" aria-live="polite">
      {!option && <b>{title}</b>}
      {problem && <span className="hc-problem">{problem}</span>}
      {option && (
        <>
          <span>
            {option.code} {option.label} <span className="hc-dim">{textOf(option.spec)}</span>
          </span>
          {FIGURES.filter((key) => option[key] !== undefined && option[key] !== null).map((key) => (
            <span key={key}>
              <span className="hc-dim">{t(`picker.${key}`)}</span>{" "}
              <b className="hc-num">{formatDecimal(option[key], key === "last_price" ? 2 : 0, 6)}</b>
              {key !== "last_price" && <span className="hc-dim"> {textOf(option.unit)}</span>}
            </span>
          ))}
        </>
      )}
    </div>
  );
}
