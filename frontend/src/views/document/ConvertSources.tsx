/** 合并下推 The other open documents of the same party and type, to be ticked: by mouse, or with arrows and the space bar. */
import { type KeyboardEvent, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Checkbox, Input } from "antd";
import { SearchOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { OpenSource, OpenSources } from "../../api/shapes";
import { formatDecimal } from "../../meta/numbers";

/** From so many on, looking for a number is quicker than looking through them. */
const FEW = 6;

interface ConvertSourcesProps {
  first: OpenSources;
  /** Asks the server for those with this in their number. */
  find: (text: string) => Promise<OpenSources>;
  picked: readonly OpenSource[];
  onToggle: (source: OpenSource) => void;
}

/** The arrows go from document to document. */
function moveOn(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || !(event.target instanceof HTMLInputElement)) return;
  const boxes = [...event.currentTarget.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
  const at = boxes.indexOf(event.target);
  if (at < 0) return;
  event.preventDefault();
  boxes[at + step]?.focus();
}

/** Those that were picked stay in sight whatever is looked for. */
function useShown({ first, find, picked }: ConvertSourcesProps, text: string) {
  const found = useQuery({
    queryKey: ["open-sources", first.documents[0]?.id, text],
    queryFn: () => find(text),
    enabled: text !== "",
    placeholderData: (before) => before,
  });
  const answer = text === "" ? first : (found.data ?? first);
  const others = answer.documents.slice(1);
  const kept = picked.filter(({ id }) => others.every((other) => other.id !== id));
  return { others: [...kept, ...others], more: answer.more };
}

export function ConvertSources(props: ConvertSourcesProps) {
  const { t } = useTranslation();
  const { first, picked, onToggle } = props;
  const [text, setText] = useState("");
  const { others, more } = useShown(props, text.trim());
  if (first.documents.length < 2) return null;
  return (
    <section className="hc-sources" aria-label={t("convert.others")}>
      <div className="hc-sources-bar">
        <b>{t("convert.others")}</b>
        {(first.more || first.documents.length > FEW) && (
          <Input
            aria-label={t("convert.find")}
            placeholder={t("convert.find")}
            prefix={<SearchOutlined />}
            allowClear
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </div>
      <div className="hc-sources-list" onKeyDown={moveOn}>
        <table className="hc-plain-table" data-testid="convert-sources">
          <thead>
            <tr>
              <th />
              <th>{t("convert.number")}</th>
              <th>{t("convert.date")}</th>
              <th className="hc-right">{t("convert.open_quantity")}</th>
            </tr>
          </thead>
          <tbody>
            {others.map((source) => {
              const checked = picked.some(({ id }) => id === source.id);
              return (
                <tr
                  key={source.id}
                  data-testid={`convert-source-${source.id}`}
                  onClick={() => onToggle(source)}
                >
                  <td>
                    <Checkbox
                      aria-label={source.label}
                      checked={checked}
                      onClick={(event) => event.stopPropagation()}
                      onChange={() => onToggle(source)}
                    />
                  </td>
                  <td className="hc-num">{source.label}</td>
                  <td className="hc-num">{source.document_date}</td>
                  <td className="hc-right hc-num">{formatDecimal(source.open, 0, 6)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
        {others.length === 0 && <p className="hc-dim">{t("convert.nothing_found")}</p>}
      </div>
      {more && <p className="hc-dim">{t("convert.more")}</p>}
    </section>
  );
}
