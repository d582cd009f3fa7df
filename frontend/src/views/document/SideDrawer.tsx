/** The drawer beside a document: chain, progress of its lines, postings, comments, attachments, history. */
import { Drawer, Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { PostingsPanel } from "./PostingsPanel";
import { ProgressPanel } from "./ProgressPanel";
import { AttachmentsPanel, CommentsPanel, HistoryPanel } from "./TalkPanels";
import { TracePanel } from "./TracePanel";

export type Side = "trace" | "progress" | "postings" | "comments" | "attachments" | "history";
export const SIDES: readonly Side[] = ["trace", "progress", "postings", "comments", "attachments", "history"];

const PANELS = {
  trace: TracePanel,
  progress: ProgressPanel,
  postings: PostingsPanel,
  comments: CommentsPanel,
  attachments: AttachmentsPanel,
  history: HistoryPanel,
};

interface SideDrawerProps {
  title: string;
  side: Side | null;
  collection: string;
  id: number;
  onSide: (side: Side | null) => void;
}

export function SideDrawer({ title, side, collection, id, onSide }: SideDrawerProps) {
  const { t } = useTranslation();
  return (
    <Drawer
      open={side !== null}
      title={title}
      size={Math.min(860, window.innerWidth)}
      onClose={() => onSide(null)}
      destroyOnHidden
    >
      <Tabs
        activeKey={side ?? "trace"}
        onChange={(key) => onSide(key as Side)}
        items={SIDES.map((key) => {
          const Panel = PANELS[key];
          return { key, label: t(`document.${key}`), children: <Panel collection={collection} id={id} /> };
        })}
      />
    </Drawer>
  );
}
