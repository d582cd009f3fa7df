/** 预警标签 The alerts on a row, as small tags beside its name: in a list they lead to what can be done, in a picker they only tell. */
import { Tag, Tooltip } from "antd";
import type { RowAlert } from "../meta/alerts";
import { shownOf } from "../meta/alerts";

interface AlertTagsProps {
  alerts: readonly RowAlert[];
  most: number;
  /** Opens the list of alerts that tells of this row; without it the tags are not to be clicked. */
  onOpen?: (path: string) => void;
}

function AlertTag({ alert, onOpen }: { alert: RowAlert; onOpen: AlertTagsProps["onOpen"] }) {
  const { kind, label, tone, help, path } = alert;
  const open = onOpen && path !== null ? () => onOpen(path) : null;
  const tag = (
    <Tag
      className={`hc-alert${open ? " hc-alert-link" : ""}`}
      color={tone}
      data-testid={`alert-${kind}`}
      title={onOpen ? undefined : help}
      {...(open && {
        role: "link",
        onClick: (event: React.MouseEvent) => {
          event.stopPropagation();
          event.preventDefault();
          open();
        },
        onDoubleClick: (event: React.MouseEvent) => event.stopPropagation(),
      })}
    >
      {label}
    </Tag>
  );
  return onOpen ? <Tooltip title={help}>{tag}</Tooltip> : tag;
}

export function AlertTags({ alerts, most, onOpen }: AlertTagsProps) {
  if (alerts.length === 0) return null;
  const [shown, rest] = shownOf(alerts, most);
  const count = <Tag className="hc-alert">+{rest.length}</Tag>;
  const more = rest.map(({ kind, label, help }) => (
    <div key={kind}>
      <b>{label}</b> {help}
    </div>
  ));
  return (
    <span className="hc-alerts">
      {shown.map((alert) => (
        <AlertTag key={alert.kind} alert={alert} onOpen={onOpen} />
      ))}
      {rest.length > 0 && onOpen && <Tooltip title={more}>{count}</Tooltip>}
      {rest.length > 0 && !onOpen && <span title={rest.map(({ label }) => label).join("\n")}>{count}</span>}
    </span>
  );
}
