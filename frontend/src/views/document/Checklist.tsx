/** 检查清单 What to look at before a period is closed: each point with what was found, a way there, and what to do. */
import { Alert, Button, Card, List, Skeleton, Space, Tag, Typography } from "antd";
import {
  CheckCircleFilled,
  CloseCircleFilled,
  ExclamationCircleFilled,
  InfoCircleFilled,
  ReloadOutlined,
} from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import { messageOf } from "../../api/client";
import type { CheckPoint, CheckSample } from "../../api/shapes";
import { pathOf, useMeta } from "../../meta/context";
import type { RecordMeta } from "../../meta/types";
import { useTab } from "../tabs";

const MARKS = {
  fine: <CheckCircleFilled style={{ color: "var(--ant-color-success)" }} />,
  blocks: <CloseCircleFilled style={{ color: "var(--ant-color-error)" }} />,
  warns: <ExclamationCircleFilled style={{ color: "var(--ant-color-warning)" }} />,
  notes: <InfoCircleFilled style={{ color: "var(--ant-color-info)" }} />,
};

function markOf(point: CheckPoint) {
  if (point.count === 0) return MARKS.fine;
  return MARKS[point.severity as keyof typeof MARKS] ?? MARKS.notes;
}

/** Where a sample is seen: the document itself, or the card of its item. */
function pathOfSample(sample: CheckSample, known: Record<string, unknown>): string | null {
  if (sample.type && sample.id && known[sample.type]) return pathOf("document", sample.type, sample.id);
  if (sample.item) return `${pathOf("report", "stock_card")}?item=${sample.item}`;
  return null;
}

function Samples({ point }: { point: CheckPoint }) {
  const { t } = useTranslation();
  const { documents } = useMeta();
  const tab = useTab();
  return (
    <Space wrap size={[4, 0]}>
      {point.samples.map((sample) => {
        const path = pathOfSample(sample, documents);
        return path === null ? (
          <Tag key={sample.text}>{sample.text}</Tag>
        ) : (
          <Button key={sample.text} type="link" size="small" onClick={() => tab.open(path)}>
            {sample.text}
          </Button>
        );
      })}
      {point.count > point.samples.length && (
        <Typography.Text type="secondary">{t("checklist.more", { count: point.count })}</Typography.Text>
      )}
    </Space>
  );
}

function Point({ point }: { point: CheckPoint }) {
  const { t } = useTranslation();
  return (
    <List.Item data-testid={`check-${point.code}`}>
      <List.Item.Meta
        avatar={markOf(point)}
        title={
          <Space>
            {point.label}
            <Typography.Text type="secondary">
              {point.count === 0 ? t("checklist.fine") : t("checklist.count", { count: point.count })}
            </Typography.Text>
          </Space>
        }
        description={
          point.count > 0 && (
            <>
              <div>{point.remedy}</div>
              <Samples point={point} />
            </>
          )
        }
      />
    </List.Item>
  );
}

interface ChecklistProps {
  meta: RecordMeta;
  day: string;
  document: number;
}

export function Checklist({ meta, day, document }: ChecklistProps) {
  const { t } = useTranslation();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["checklist", meta.collection, day, document],
    queryFn: () => calls.checklist(meta.collection, day, document),
    enabled: day !== "",
    staleTime: 0,
  });
  if (day === "") return null;
  if (error) return <Alert type="warning" showIcon title={messageOf(error, t("error.network"))} />;
  if (!data) return <Skeleton active paragraph={{ rows: 8 }} />;
  const blocked = data.points.some(({ severity, count }) => severity === "blocks" && count > 0);
  return (
    <Card
      size="small"
      data-testid="checklist"
      title={
        <Space>
          {t("checklist.title")}
          <Tag color={data.refusal !== null || blocked ? "error" : "success"}>
            {t(data.refusal !== null || blocked ? "checklist.blocked" : "checklist.ready")}
          </Tag>
          {data.closed_through && (
            <Typography.Text type="secondary">
              {t("checklist.closed_through", { day: data.closed_through })}
            </Typography.Text>
          )}
        </Space>
      }
      extra={
        <Button size="small" icon={<ReloadOutlined />} loading={isFetching} onClick={() => void refetch()}>
          {t("checklist.again")}
        </Button>
      }
    >
      {data.refusal !== null && <Alert type="error" showIcon title={data.refusal} />}
      <List
        size="small"
        dataSource={data.points}
        rowKey="code"
        renderItem={(point) => <Point point={point} />}
      />
    </Card>
  );
}
