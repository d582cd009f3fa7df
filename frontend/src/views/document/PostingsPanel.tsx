/** 记账视图 Every append of a document: its moves and entries. */
import { useQuery } from "@tanstack/react-query";
import { Empty, Spin } from "antd";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import { formatInstant } from "../../fields/datetime";
import { textOf } from "../../meta/values";
import { PostingTables } from "./PostingTables";

export function PostingsPanel({ collection, id }: { collection: string; id: number }) {
  const { t } = useTranslation();
  const { data, isPending } = useQuery({
    queryKey: ["part", "postings", collection, id],
    queryFn: () => calls.postings(collection, id),
  });
  if (isPending) return <Spin />;
  if (!data || data.length === 0) return <Empty description={t("posting.none")} />;
  return (
    <div className="hc-stack">
      {data.map((posting) => (
        <section key={posting.id} className="hc-posting">
          <h4>
            {posting.label || posting.kind}
            <span className="hc-dim">
              {" "}
              #{posting.id} · {formatInstant(posting.posted_at)} · {textOf(posting.posted_by)}
            </span>
          </h4>
          <PostingTables posting={posting} />
        </section>
      ))}
    </div>
  );
}
