/** What posting would do, before it is done. */
import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Modal, Spin } from "antd";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import { messageOf } from "../../api/client";
import { textOf } from "../../meta/values";
import { PostingTables } from "./PostingTables";

interface PreviewDialogProps {
  collection: string;
  id: number | null;
  version: number;
  postLabel: string | null;
  onPost: () => void;
  onClose: () => void;
}

export function PreviewDialog({ collection, id, version, postLabel, onPost, onClose }: PreviewDialogProps) {
  const { t } = useTranslation();
  const { data, error, isFetching } = useQuery({
    queryKey: ["part", "preview", collection, id, version],
    queryFn: () => calls.preview(collection, id ?? 0),
    enabled: id !== null,
    staleTime: 0,
  });
  return (
    <Modal
      open={id !== null}
      title={t("document.preview")}
      width={860}
      onCancel={onClose}
      footer={
        postLabel && (
          <Button type="primary" disabled={!data || data.refusal !== null} onClick={onPost}>
            {postLabel}
          </Button>
        )
      }
    >
      <Spin spinning={isFetching}>
        {error && <Alert type="error" title={messageOf(error, t("error.network"))} />}
        {data?.refusal && <Alert type="error" showIcon title={textOf(data.refusal.message)} />}
        {data?.warnings.map((warning, index) => (
          <Alert key={index} type="warning" showIcon title={warning.message} />
        ))}
        {data && (
          <div className="hc-stack">
            {data.postings.map((posting) => (
              <PostingTables key={posting.id} posting={posting} />
            ))}
            {data.postings.length === 0 && !data.refusal && <p>{t("posting.nothing")}</p>}
          </div>
        )}
      </Spin>
    </Modal>
  );
}
