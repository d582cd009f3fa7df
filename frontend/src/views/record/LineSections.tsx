/** The line tables of a record, each in its grid; several stand in tabs. */
import { type RefObject, memo, useMemo } from "react";
import { Tabs } from "antd";
import type { PickContext } from "../../fields";
import type { Basis } from "../../meta/amounts";
import type { LinesMeta } from "../../meta/types";
import type { Values } from "../../meta/values";
import { LineCards } from "../grid/LineCards";
import { LineGrid } from "../grid/LineGrid";
import type { LinesControl } from "../grid/LinesControl";
import { useNarrow } from "../phone";
import { useThere } from "./depending";
import type { Draft, Problems } from "./draft";
import { inheritedOf } from "./inherit";
import type { Line } from "./lines";

export type GridControls = Record<string, RefObject<LinesControl | null>>;

interface LineSectionsProps {
  sections: readonly LinesMeta[];
  lines: Draft["lines"];
  problems: Problems["lines"];
  readOnly: boolean;
  basis: Basis;
  /** What lines have where they hold nothing of their own. */
  header: Values;
  today: string;
  context: PickContext;
  least: number;
  /** Name of the record's type, under which column settings are kept. */
  type: string;
  controls: GridControls;
  active: string;
  onActive: (name: string) => void;
  onChange: (name: string, lines: Line[]) => void;
}

const NO_LINES: Line[] = [];
const NO_MARKS = {};

/** The same object while nothing that lines inherit changes, so that typing in the header draws no line anew. */
function useInherited(section: LinesMeta, header: Values): Values {
  const now = inheritedOf(section.fields, header);
  const key = JSON.stringify(now);
  // eslint-disable-next-line react-hooks/exhaustive-deps
  return useMemo(() => now, [key]);
}

function Section({ section, ...props }: Omit<LineSectionsProps, "sections"> & { section: LinesMeta }) {
  const { name } = section;
  const { onChange } = props;
  const change = useMemo(() => (lines: Line[]) => onChange(name, lines), [name, onChange]);
  const inherited = useInherited(section, props.header);
  const fields = useThere(section.fields, props.header);
  const Lines = useNarrow() ? LineCards : LineGrid;
  return (
    <Lines
      name={name}
      label={section.label}
      fields={fields}
      lines={props.lines[name] ?? NO_LINES}
      onChange={change}
      readOnly={props.readOnly}
      basis={props.basis}
      inherited={inherited}
      today={props.today}
      context={props.context}
      least={props.least}
      most={section.most}
      settingsKey={`grid:${props.type}:${name}`}
      errors={props.problems[name] ?? NO_MARKS}
      controlRef={props.controls[name]}
    />
  );
}

function LineSectionsView({ sections, ...props }: LineSectionsProps) {
  const [only] = sections;
  if (!only) return null;
  if (sections.length === 1) return <Section section={only} {...props} />;
  const { lines, problems } = props;
  return (
    <Tabs
      className="hc-line-tabs"
      size="small"
      activeKey={props.active || only.name}
      onChange={props.onActive}
      items={sections.map((section) => {
        const count = (lines[section.name] ?? []).filter((line) => line.id !== null).length;
        return {
          key: section.name,
          label: (
            <span className={problems[section.name] ? "hc-bad" : ""}>
              {section.label}
              {count > 0 && <span className="hc-dim"> {count}</span>}
            </span>
          ),
          children: <Section section={section} {...props} />,
        };
      })}
    />
  );
}

export const LineSections = memo(LineSectionsView);
