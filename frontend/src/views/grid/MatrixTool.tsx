/** 矩阵录入 The button (Alt+M) that enters the items of a family as a matrix, where a table of lines takes one. */
import { useCallback, useState } from "react";
import { Button, Tooltip } from "antd";
import { TableOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import type { PickContext } from "../../fields";
import { useMeta } from "../../meta/context";
import type { FieldMeta } from "../../meta/types";
import { isRef } from "../../meta/values";
import { useHotkeys } from "../hotkeys";
import type { Line, LineSetup } from "../record/lines";
import { type Asked, MatrixDialog } from "./MatrixDialog";
import { itemField } from "./matrix";

/** The collection of families that the lines with these fields take; empty for none. */
export function useMatrix(fields: readonly FieldMeta[], context: PickContext): string {
  const meta = useMeta();
  const record = context.documentType === null ? undefined : meta.documents[context.documentType];
  return record?.lines.find((table) => table.fields.some((field) => fields.includes(field)))?.matrix ?? "";
}

interface MatrixToolProps {
  collection: string;
  setup: LineSetup;
  context: PickContext;
  linesNow: () => Line[];
  /** The line at hand, and what is being typed into its cell of goods. */
  atHand: () => { line: Line | undefined; text: string };
  onLines: (change: (lines: Line[]) => Line[]) => void;
  onClosed: () => void;
  /** Filled with the way to open it for a family that was picked. */
  openRef: { current: ((family: number) => void) | null };
  wide?: boolean;
}

/** The family that is meant: that of the text being typed, else that of the goods of the line; null if there is none. */
async function meantBy(
  collection: string,
  { line, text }: { line: Line | undefined; text: string },
  item: FieldMeta | undefined,
): Promise<number | null> {
  const typed = text.trim();
  if (typed) {
    const found = await calls.options(collection, { search: typed, limit: 2 }).catch(() => []);
    const exact = found.find(({ code }) => code.toLowerCase() === typed.toLowerCase());
    return exact?.id ?? (found.length === 1 ? (found[0]?.id ?? null) : null);
  }
  const held = line && item ? line.values[item.name] : null;
  if (!isRef(held) || !item?.ref) return null;
  const options = await calls.options(item.ref, { search: held.code ?? "", limit: 20 }).catch(() => []);
  const family = options.find(({ id }) => id === held.id)?.family;
  return isRef(family) ? family.id : null;
}

export function MatrixTool({ collection, setup, context, atHand, ...props }: MatrixToolProps) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Asked | null>(null);
  const { linesNow, onLines, onClosed, openRef } = props;
  const open = useCallback(async () => {
    const family = await meantBy(collection, atHand(), itemField(setup.fields));
    setAsked({ family, lines: linesNow() });
  }, [atHand, collection, linesNow, setup.fields]);
  openRef.current = (family) => setAsked({ family, lines: linesNow() });
  useHotkeys({ "Alt+M": () => void open() });
  return (
    <>
      {props.wide ? (
        <Button block size="large" icon={<TableOutlined />} onClick={() => void open()}>
          {t("matrix.title")}
        </Button>
      ) : (
        <Tooltip title={`${t("matrix.title")} Alt+M`} mouseEnterDelay={0.6}>
          <Button
            type="text"
            size="small"
            tabIndex={-1}
            icon={<TableOutlined />}
            aria-label={t("matrix.title")}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => void open()}
          />
        </Tooltip>
      )}
      {asked && (
        <MatrixDialog
          {...{ collection, asked, setup, context }}
          onDone={(change) => {
            setAsked(null);
            if (change) onLines(change);
            onClosed();
          }}
        />
      )}
    </>
  );
}
