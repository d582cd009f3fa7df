/** The drawer beside a document: chain, postings, comments, attachments, history. */
import { Drawer, Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { PostingsPanel } from "./PostingsPanel";
import { AttachmentsPanel, CommentsPanel, HistoryPanel } from "./TalkPanels";
import { TracePanel } from "./TracePanel";

export type Side = "trace" | "postings" | "comments" | "attachments" | "history";
export const SIDES: readonly Side[] = ["trace", "postings", "comments", "attachments", "history"];

const PANELS = {
  trace: TracePanel,
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
