/** 打印 The document as a sheet of paper: every line, no controls; the browser prints it. */
import { createPortal } from "react-dom";
import { Button, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { kindOf } from "../../fields";
import { useMeta } from "../../meta/context";
import { formatDecimal, sum } from "../../meta/numbers";
import type { FieldMeta, LinesMeta, RecordMeta } from "../../meta/types";
import { type Values, isEmpty, textOf } from "../../meta/values";
import type { Draft } from "../record/draft";
import { inheritedOf, shownValue } from "../record/inherit";
import { type Line, isBlank } from "../record/lines";

function Lines({ section, lines, header }: { section: LinesMeta; lines: Line[]; header: Values }) {
  const { t } = useTranslation();
  const inherited = inheritedOf(section.fields, header);
  const valueOf = (line: Line, { name }: FieldMeta) => shownValue(line, name, inherited);
  const fields = section.fields.filter((field) => lines.some((line) => !isEmpty(valueOf(line, field))));
  const total = (field: FieldMeta) =>
    field.total &&
    formatDecimal(
      sum(lines.map((line) => line.values[field.name])).toString(),
      field.kind === "money" ? 2 : 0,
      6,
    );
  if (lines.length === 0) return null;
  return (
    <table>
      <thead>
        <tr>
          <th>#</th>
          {fields.map((field) => (
            <th key={field.name}>{field.label}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map((line, index) => (
          <tr key={line.key}>
            <td>{index + 1}</td>
            {fields.map((field) => {
              const kind = kindOf(field.kind);
              return (
                <td key={field.name} className={`hc-${kind.align}`}>
                  <kind.Cell field={field} value={valueOf(line, field)} />
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td>{t("grid.total")}</td>
          {fields.map((field) => (
            <td key={field.name} className={`hc-${kindOf(field.kind).align}`}>
              {total(field)}
            </td>
          ))}
        </tr>
      </tfoot>
    </table>
  );
}

function Sheet({ meta, draft, number }: { meta: RecordMeta; draft: Draft; number: string }) {
  const { t } = useTranslation();
  const { book } = useMeta();
  const fields = meta.fields.filter((field) => !isEmpty(draft.header[field.name]));
  return (
    <div className="hc-sheet">
      <header>
        <div>{book.name}</div>
        <h1>{meta.label}</h1>
        <div>{number}</div>
      </header>
      <dl>
        {fields.map((field) => {
          const kind = kindOf(field.kind);
          return (
            <div key={field.name}>
              <dt>{field.label}</dt>
              <dd>
                <kind.Cell field={field} value={draft.header[field.name]} />
              </dd>
            </div>
          );
        })}
      </dl>
      {meta.lines.map((section) => (
        <Lines
          key={section.name}
          section={section}
          header={draft.header}
          lines={(draft.lines[section.name] ?? []).filter(
            (line) => !isBlank(line, section.fields, book.today),
          )}
        />
      ))}
      <footer>
        <span>{t("print.made_by", { name: textOf(draft.header.created_by) })}</span>
        <span>{t("print.checked_by")}</span>
        <span>{t("print.received_by")}</span>
      </footer>
    </div>
  );
}

interface PrintPreviewProps {
  open: boolean;
  meta: RecordMeta;
  draft: Draft;
  number: string;
  /** Where the server's PDF of what is stored lies; null while what is seen is not stored. */
  pdf: string | null;
  onClose: () => void;
}

export function PrintPreview({ open, meta, draft, number, pdf, onClose }: PrintPreviewProps) {
  const { t } = useTranslation();
  const sheet = <Sheet meta={meta} draft={draft} number={number} />;
  return (
    <>
      <Modal
        open={open}
        title={t("print.preview")}
        width={860}
        onCancel={onClose}
        footer={
          <>
            {pdf !== null && (
              <Button href={pdf} target="_blank" rel="noopener" data-testid="print-pdf">
                {t("print.pdf")}
              </Button>
            )}
            <Button type="primary" autoFocus onClick={() => window.print()}>
              {t("print.run")}
            </Button>
          </>
        }
      >
        {sheet}
      </Modal>
      {open && createPortal(<div className="hc-print-root">{sheet}</div>, document.body)}
    </>
  );
}
