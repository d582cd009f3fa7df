/** 源单 Where a document begins whose lines come from another: the lists of those, before anyone types lines in vain. */
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { pathOf, useMeta } from "../../meta/context";
import type { RecordMeta } from "../../meta/types";
import { useTab } from "../tabs";

export function BeginsAt({ meta }: { meta: RecordMeta }) {
  const { t } = useTranslation();
  const { documents } = useMeta();
  const tab = useTab();
  const sources = Object.values(documents).flatMap((source) =>
    source.conversions
      .filter(({ target }) => target === meta.name)
      .map(({ label }) => ({ name: source.name, label: `${source.label} · ${label}` })),
  );
  return (
    <Alert
      type="info"
      showIcon
      data-testid="begins-at"
      title={
        <>
          {t("document.begins_at")}
          {sources.map(({ name, label }) => (
            <Button key={name} type="link" size="small" onClick={() => tab.open(pathOf("document", name))}>
              {label}
            </Button>
          ))}
        </>
      }
    />
  );
}
