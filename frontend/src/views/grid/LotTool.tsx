/** 自动分配批次与库位 The button (Alt+L) that shares the lines over lots and bins in stock, what expires first first. */
import { useCallback } from "react";
import { App, Button, Tooltip } from "antd";
import { PartitionOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import { messageOf } from "../../api/client";
import type { PickContext } from "../../fields";
import { useMeta } from "../../meta/context";
import { useHotkeys } from "../hotkeys";
import type { Line, LineSetup } from "../record/lines";
import { askedLine, asksForLot, sharedLines } from "./lots";

interface LotToolProps {
  setup: LineSetup;
  context: PickContext;
  linesNow: () => Line[];
  onShared: (share: (lines: Line[]) => Line[]) => void;
}

export function LotTool({ setup, context, linesNow, onShared }: LotToolProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const meta = useMeta();
  const { fields } = setup;
  const { bins } = meta.book;
  const title = t(bins ? "grid.suggest_shelves" : "grid.suggest_lots");
  const record = context.documentType === null ? undefined : meta.documents[context.documentType];
  const table = record?.lines.find((lines) => lines.fields.some((field) => fields.includes(field)));
  const offered =
    record !== undefined && table?.outward === true && fields.some(({ kind }) => kind === "lot");
  const share = useCallback(async () => {
    const asking = linesNow().filter((line) => asksForLot(line, context.place, bins));
    if (!record || asking.length === 0) return;
    try {
      const asked = asking.map((line) => askedLine(line, context.place));
      const found = await calls.suggestLots(record.collection, context.day, asked);
      const answers = new Map(
        asking.flatMap((line, at) => (found[at] ? [[line.key, found[at]] as const] : [])),
      );
      onShared((lines) => sharedLines(lines, answers, setup));
      const short = asking.find((_, at) => Number(found[at]?.missing ?? 0) > 0);
      if (!short) {
        void message.success(t("grid.lots_done"));
        return;
      }
      const missing = answers.get(short.key)?.missing;
      void message.warning(t("grid.lots_missing", { line: linesNow().indexOf(short) + 1, missing }));
    } catch (error) {
      void message.error(messageOf(error, t("error.network")));
    }
  }, [bins, context, linesNow, message, onShared, record, setup, t]);
  useHotkeys(offered ? { "Alt+L": () => void share() } : {});
  if (!offered) return null;
  return (
    <Tooltip title={`${title} Alt+L`} mouseEnterDelay={0.6}>
      <Button
        type="text"
        size="small"
        tabIndex={-1}
        icon={<PartitionOutlined />}
        aria-label={title}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => void share()}
      />
    </Tooltip>
  );
}
