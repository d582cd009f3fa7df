/** 物流记录 The states that the goods of a document came into, in the order they were written down. */
import { useQuery } from "@tanstack/react-query";
import { Tag, Timeline } from "antd";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import { formatInstant } from "../../fields/datetime";

export function Deliveries({ collection, id }: { collection: string; id: number }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["part", "deliveries", collection, id],
    queryFn: () => calls.deliveries(collection, id),
  });
  if (!data || data.length === 0) return <p className="hc-dim">{t("shipping.none")}</p>;
  return (
    <Timeline
      className="hc-deliveries"
      items={data.map((event) => ({
        key: event.id,
        content: (
          <div data-testid={`delivery-${event.state}`}>
            <Tag {...(event.tone !== "default" && { color: event.tone })}>{event.label}</Tag>
            <span className="hc-dim">
              {formatInstant(event.happened_at)} {event.created_by}
            </span>
            {event.note && <div>{event.note}</div>}
          </div>
        ),
      }))}
    />
  );
}
