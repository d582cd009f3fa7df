/** Export of exactly what a list or report shows, as a file of the server. */
import { Button, Dropdown } from "antd";
import { DownloadOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { address } from "../../api/client";

interface FileForm {
  format: string;
  label: string;
}
const FORMATS: FileForm[] = [
  { format: "xlsx", label: "Excel" },
  { format: "csv", label: "CSV" },
];

interface Props {
  path: string;
  query: Record<string, string>;
  more?: FileForm[];
}

export function ExportButton({ path, query, more = [] }: Props) {
  const { t } = useTranslation();
  const items = [...FORMATS, ...more].map(({ format, label }) => ({
    key: format,
    label: (
      <a href={address(path, { ...query, format })} download>
        {t("list.export_as", { format: label })}
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
