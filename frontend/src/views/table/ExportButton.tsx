/** Export of exactly what a list or report shows, as a file of the server. */
import { Button, Dropdown } from "antd";
import { DownloadOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { address } from "../../api/client";

const FORMATS = [
  { key: "xlsx", name: "Excel" },
  { key: "csv", name: "CSV" },
];

export function ExportButton({ path, query }: { path: string; query: Record<string, string> }) {
  const { t } = useTranslation();
  const items = FORMATS.map(({ key, name }) => ({
    key,
    label: (
      <a href={address(path, { ...query, format: key })} download>
        {t("list.export_as", { format: name })}
      </a>
    ),
  }));
  return (
    <Dropdown menu={{ items }} trigger={["click"]}>
      <Button aria-label={t("list.export")} icon={<DownloadOutlined />}>
        {t("list.export")}
      </Button>
    </Dropdown>
  );
}
