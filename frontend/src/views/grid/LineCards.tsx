/** 明细卡片 The lines of a record on a telephone: a card for each, opened by a tap; the sums at the foot. */
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { PlusOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { kindOf } from "../../fields";
import { sameValue } from "../../meta/values";
import { type Line, isBlank } from "../record/lines";
import type { LineGridProps } from "./LineGrid";
import { LineCard } from "./LineCard";
import { LineEditor, type LinesSetup, contextOf } from "./LineEditor";
import { LineForm } from "./LineForm";
import { MatrixTool, useMatrix } from "./MatrixTool";
import { summed, total } from "./cardParts";
import { oneMore, useBarcodes, usePageScanner } from "./useScanner";

/** The line editor, made once, fed with every new set of properties; it keeps no empty lines but the one to type into. */
function useEditor(props: LineGridProps): LineEditor {
  const client = useQueryClient();
  const { fields, lines, onChange, basis, today, context, readOnly } = props;
  const { most } = props;
  const setup: LinesSetup = { fields, lines, onChange, basis, today, context, readOnly, most, least: 0 };
  const editor = useRef<LineEditor | null>(null);
  editor.current ??= new LineEditor(setup, client);
  editor.current.sync(setup);
  return editor.current;
}

interface Opened {
  key: string;
  /** The field to go to: empty for the first, null for none. */
  goTo: string | null;
}

/** Which line is open, and the ways to it. */
function useOpened(props: LineGridProps, editor: LineEditor) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const { fields, today, readOnly, controlRef } = props;
  const add = useCallback(() => {
    if (readOnly) return;
    if (!editor.lines.some((line) => isBlank(line, fields, today))) editor.insert(editor.lines.length);
    const blank = editor.lines.findLast((line) => isBlank(line, fields, today));
    if (blank) setOpened({ key: blank.key, goTo: "" });
    redraw();
  }, [editor, fields, readOnly, today]);
  const show = useCallback(
    (row: number, field: string) => {
      const key = editor.lines[row]?.key;
      if (key !== undefined) setOpened({ key, goTo: field });
    },
    [editor],
  );
  useEffect(() => {
    if (controlRef) controlRef.current = { focus: add, show };
  });
  return { opened, setOpened, add, show };
}

/** Takes a line away, and offers to bring it back. */
function useErase(name: string, editor: LineEditor, done: () => void) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  return (gone: Line) => {
    done();
    const row = editor.lines.indexOf(gone);
    editor.remove(row, row);
    void message.info({
      key: `deleted-${name}`,
      content: (
        <span>
          {t("lines.deleted", { number: row + 1 })}{" "}
          <Button type="link" size="small" onClick={() => editor.undo()}>
            {t("lines.undo")}
          </Button>
        </span>
      ),
    });
  };
}

/** The way to the matrix of a family, where the table takes one. */
function Matrix({ props, editor }: { props: LineGridProps; editor: LineEditor }) {
  const { fields, context } = props;
  const matrix = useMatrix(fields, context);
  const openRef = useRef<((family: number) => void) | null>(null);
  const linesNow = useCallback(() => editor.lines, [editor]);
  const atHand = useCallback(() => ({ line: undefined, text: "" }), []);
  if (!matrix) return null;
  return (
    <MatrixTool
      wide
      collection={matrix}
      setup={props}
      context={context}
      openRef={openRef}
      linesNow={linesNow}
      atHand={atHand}
      onLines={(change) => editor.apply(change)}
      onClosed={() => undefined}
    />
  );
}

function Foot({ props, lines }: { props: LineGridProps; lines: readonly Line[] }) {
  const { t } = useTranslation();
  return (
    <div className="hc-line-cards-foot">
      <span className="hc-dim">{t("lines.count", { count: lines.length })}</span>
      {summed(props.fields).map((field) => {
        const kind = kindOf(field.kind);
        return (
          <span key={field.name} data-testid={`sum-${field.name}`}>
            <span className="hc-dim">{field.label}</span>{" "}
            <kind.Cell field={field} value={total(field, lines)} />
          </span>
        );
      })}
    </div>
  );
}

export function LineCards(props: LineGridProps) {
  const { name, label, fields, readOnly, errors, context, inherited, basis, today } = props;
  const { t } = useTranslation();
  const editor = useEditor(props);
  const { opened, setOpened, add, show } = useOpened(props, editor);
  const held = editor.lines.filter((line) => !isBlank(line, fields, today));
  const line = opened ? editor.lines.find(({ key }) => key === opened.key) : undefined;
  const at = held.findIndex((one) => one === line);
  const open = useCallback((key: string) => setOpened({ key, goTo: null }), [setOpened]);
  const onScan = useBarcodes(props, (item, quantity, option) =>
    show(editor.scan(item, quantity, option, oneMore), quantity.name),
  );
  usePageScanner((barcode) => void onScan(barcode), !readOnly);
  const erase = useErase(name, editor, () => setOpened(null));
  return (
    <section className="hc-line-cards" aria-label={label} data-testid={`cards-${name}`}>
      <h3 className="hc-group">{label}</h3>
      {held.map((one, index) => (
        <LineCard
          key={one.key}
          line={one}
          index={index}
          onOpen={open}
          errors={errors[one.key]}
          {...{ fields, inherited, basis }}
        />
      ))}
      {!readOnly && (
        <Button
          block
          size="large"
          type="dashed"
          icon={<PlusOutlined />}
          onClick={add}
          data-testid={`add-${name}`}
        >
          {t("lines.add")}
        </Button>
      )}
      {!readOnly && <Matrix props={props} editor={editor} />}
      {held.length > 0 && <Foot props={props} lines={held} />}
      {line && (
        <LineForm
          label={label}
          line={line}
          index={at < 0 ? held.length : at}
          count={held.length}
          context={contextOf(line, fields, context)}
          problems={problemsOf(line, errors[line.key], t)}
          goTo={opened?.goTo ?? null}
          {...{ fields, inherited, readOnly }}
          onChange={(field, value, option) => {
            // Leaving a number says it once more; that is no edit.
            if (option !== null || !sameValue(line.values[field.name], value))
              editor.set(line.key, field, value, option);
          }}
          onStep={(step) => held[at + step] && open(held[at + step]?.key ?? "")}
          onAdd={() => (at < 0 ? setOpened(null) : add())}
          onDelete={() => (at < 0 ? setOpened(null) : erase(line))}
          onClose={() => setOpened(null)}
        />
      )}
    </section>
  );
}

/** Why fields of a line are marked: what could not be read, and what the server refused. */
function problemsOf(
  line: Line,
  refused: Record<string, string> | undefined,
  t: (key: string, values: { text: string }) => string,
): Record<string, string> {
  const unread = Object.entries(line.unresolved).map(([name, { reason, text }]) => [
    name,
    t(reason, { text }),
  ]);
  return { ...refused, ...(Object.fromEntries(unread) as Record<string, string>) };
}
