/** 扫码盘点 Counting: scan or search an item, type what is there, next. Made for a telephone and a keyboard-wedge scanner. */
import { type RefObject, useEffect, useRef, useState } from "react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Empty, Input, type InputRef, Progress, Segmented, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { messageOf } from "../api/client";
import * as counting from "../api/counting";
import type { JsonObject } from "../api/json";
import { useTab, useTitle } from "../views/tabs";

const PHASES = ["first", "second", "sample"] as const;
const LATEST = 8;

function TaskName({ task }: { task: counting.Task }) {
  return (
    <span className="hc-count-name">
      <b>{task.item_name}</b>
      <span className="hc-dim">
        {[task.item_code, task.item_spec, task.place_name, task.lot].filter(Boolean).join(" · ")}
      </span>
    </span>
  );
}

interface LineProps {
  task: counting.Task;
  onEnter: (task: counting.Task, body: JsonObject) => Promise<boolean>;
  onDone: () => void;
}

/** A quantity with its unit, and beside it what it is in the second unit. */
const told = (
  quantity: string,
  { unit, second_unit }: { unit: string; second_unit: string | null },
  second: string | null,
): string =>
  `${quantity} ${unit}${second_unit !== null && second !== null ? ` ${second} ${second_unit}` : ""}`;

/** What was counted of a line, and what the books have of it where that may be seen. */
function Standing({ task }: { task: counting.Task }) {
  const { t } = useTranslation();
  const own = told(task.own ?? "0", task, task.own_second);
  return (
    <span>
      {t("counting.own", { quantity: own })}
      {task.book_quantity !== null &&
        ` · ${t("counting.book", { quantity: told(task.book_quantity, task, task.book_second) })}`}
    </span>
  );
}

/** The line that was picked: its quantity, in its second unit too, or its pieces one by one. */
function CountLine({ task, onEnter, onDone }: LineProps) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [heads, setHeads] = useState("");
  const second = useRef<InputRef>(null);
  const pieces = task.tracking === "serial";
  const weighed = task.second_unit !== null;
  const save = async (body: JsonObject) => {
    if (await onEnter(task, body)) {
      setText("");
      if (!pieces) onDone();
    }
  };
  const typed = text.trim();
  const take = () => {
    if (!typed) return;
    const beside: JsonObject = heads.trim() ? { second_quantity: heads.trim() } : {};
    void save(pieces ? { serials: [typed] } : { quantity: typed, ...beside, sets: true });
  };
  return (
    <section className="hc-count-line" data-testid="count-line">
      <TaskName task={task} />
      <Standing task={task} />
      <div className="hc-count-row">
        <Input
          autoFocus
          size="large"
          value={text}
          inputMode={pieces ? "text" : "decimal"}
          placeholder={t(pieces ? "counting.serial" : "counting.quantity")}
          suffix={weighed && task.unit}
          data-testid="count-quantity"
          onChange={(event) => setText(event.target.value)}
          onPressEnter={() => (weighed && typed ? second.current?.focus() : take())}
        />
        {weighed && (
          <Input
            ref={second}
            size="large"
            value={heads}
            inputMode="decimal"
            placeholder={t("counting.second_quantity")}
            suffix={task.second_unit}
            data-testid="count-second"
            onChange={(event) => setHeads(event.target.value)}
            onPressEnter={take}
          />
        )}
        {!pieces && !weighed && (
          <Button size="large" onClick={() => void save({ quantity: "1" })}>
            +1
          </Button>
        )}
        <Button size="large" type="primary" disabled={!typed} onClick={take}>
          {t("counting.enter")}
        </Button>
      </div>
      <Button type="link" onClick={onDone}>
        {t("counting.next")}
      </Button>
    </section>
  );
}

/** What this person entered last; a mistake is taken back. */
function Latest({ plan, onChanged }: { plan: number; onChanged: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { data } = useQuery({
    queryKey: ["counting", plan, "entries"],
    queryFn: () => counting.readEntries(plan),
  });
  const withdraw = async (entry: number) => {
    try {
      await counting.withdraw(plan, entry);
    } catch (failure) {
      void message.error(messageOf(failure, t("error.network")));
    }
    onChanged();
  };
  if (!data?.rows.length) return null;
  return (
    <section>
      <h4>{t("counting.latest")}</h4>
      {data.rows.slice(0, LATEST).map((entry) => (
        <div key={entry.entry} className="hc-count-entry">
          <span>
            {entry.item_name} <b className="hc-num">{told(entry.quantity, entry, entry.second_quantity)}</b>{" "}
            <span className="hc-dim">{[t(`counting.${entry.phase}`), ...entry.serials].join(" · ")}</span>
          </span>
          <Button size="small" onClick={() => void withdraw(entry.entry)}>
            {t("counting.withdraw")}
          </Button>
        </div>
      ))}
    </section>
  );
}

/** The commands of one plan and one pass: find what was scanned, enter what was counted. */
function useCounting(plan: number, phase: string) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [search, setSearch] = useState("");
  const [picked, setPicked] = useState<counting.Task | null>(null);
  const refresh = () => void client.invalidateQueries({ queryKey: ["counting", plan] });
  const fail = (failure: unknown) => void message.error(messageOf(failure, t("error.network")));
  const enter = async (task: counting.Task, body: JsonObject): Promise<boolean> => {
    try {
      const done = await counting.enter(plan, { line: task.line, phase, ...body });
      setPicked((before) => (before?.line === task.line ? { ...before, ...done } : before));
      void message.success(`${task.item_name} ${told(done.own, task, done.own_second)}`);
      refresh();
      return true;
    } catch (failure) {
      fail(failure);
      return false;
    }
  };
  const find = async (wanted: string, adding: boolean): Promise<void> => {
    setSearch(wanted);
    setPicked(null);
    if (!wanted) return;
    try {
      const { rows } = await counting.readTasks(plan, phase, wanted);
      const [only] = rows;
      if (!only) void message.warning(t("counting.unknown", { text: wanted }));
      if (!only || rows.length > 1) return;
      if (!adding || only.tracking === "serial" || only.second_unit !== null) setPicked(only);
      else if (await enter(only, { quantity: "1" })) setSearch("");
    } catch (failure) {
      fail(failure);
    }
  };
  return { search, setSearch, picked, setPicked, refresh, enter, find };
}

/** What is left to count, or what was found. */
function TaskList({
  plan,
  phase,
  search,
  onPick,
}: Record<"phase" | "search", string> & { plan: number; onPick: (task: counting.Task) => void }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["counting", plan, "tasks", phase, search],
    queryFn: () => counting.readTasks(plan, phase, search),
  });
  return (
    <section data-testid="count-tasks">
      {data?.rows.map((task) => (
        <button key={task.line} type="button" className="hc-count-task" onClick={() => onPick(task)}>
          <TaskName task={task} />
          <span className="hc-num">{task.own === null ? "" : told(task.own, task, task.own_second)}</span>
        </button>
      ))}
      {data?.rows.length === 0 && <Empty description={t("counting.nothing_left")} />}
      {data !== undefined && data.more > 0 && (
        <p className="hc-dim">{t("counting.more", { count: data.more })}</p>
      )}
    </section>
  );
}

/** A scanner types wherever it is: what is typed outside of every input goes into this one. */
function useScanner(input: RefObject<InputRef | null>): void {
  const { active } = useTab();
  useEffect(() => {
    if (!active) return undefined;
    const listen = (event: KeyboardEvent) => {
      const inside = event.target instanceof HTMLElement && event.target.closest("input, textarea, select");
      if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && !inside)
        input.current?.focus();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [active, input]);
}

/** Scanning and typing in one plan and one pass. */
function Desk({ plan, phase }: { plan: number; phase: string }) {
  const { t } = useTranslation();
  const scan = useRef<InputRef>(null);
  const [text, setText] = useState("");
  const [adding, setAdding] = useState(false);
  useScanner(scan);
  const { search, setSearch, picked, setPicked, refresh, enter, find } = useCounting(plan, phase);
  const done = () => {
    setPicked(null);
    setSearch("");
    scan.current?.focus();
  };
  const take = () => {
    setText("");
    void find(text.trim(), adding);
  };
  return (
    <>
      <div className="hc-count-row">
        <Input
          ref={scan}
          autoFocus
          size="large"
          value={text}
          placeholder={t("counting.scan")}
          data-testid="count-scan"
          onChange={(event) => setText(event.target.value)}
          onPressEnter={take}
        />
        <Switch
          checked={adding}
          onChange={setAdding}
          checkedChildren={t("counting.adding")}
          unCheckedChildren={t("counting.adding")}
        />
      </div>
      {picked ? (
        <CountLine key={picked.line} task={picked} onEnter={enter} onDone={done} />
      ) : (
        <TaskList plan={plan} phase={phase} search={search} onPick={setPicked} />
      )}
      <Latest plan={plan} onChanged={refresh} />
    </>
  );
}

function HowFar({ plan, phase }: { plan: number; phase: string }) {
  const { data } = useQuery({
    queryKey: ["counting", plan, "progress"],
    queryFn: () => counting.readProgress(plan),
  });
  const own = data?.phases.find((one) => one.phase === phase);
  if (!own || own.to_count === 0) return null;
  return (
    <Progress
      percent={Math.floor((Math.min(own.counted, own.to_count) * 100) / own.to_count)}
      format={() => `${own.counted} / ${own.to_count}`}
    />
  );
}

export function CountingPage({ title }: { title: string }) {
  const { t } = useTranslation();
  useTitle(title);
  const { data } = useQuery({ queryKey: ["counting"], queryFn: counting.readPlans });
  const [chosen, setChosen] = useState<number | null>(null);
  const [phase, setPhase] = useState<string>(PHASES[0]);
  const plan = data?.plans.find(({ id }) => id === chosen) ?? data?.plans[0];
  if (!data) return null;
  if (!plan) return <Empty className="hc-count" description={t("counting.no_plan")} />;
  return (
    <div className="hc-count">
      <Select
        size="large"
        value={plan.id}
        aria-label={t("counting.plan")}
        options={data.plans.map(({ id, number, document_date, remark }) => ({
          value: id,
          label: [number, document_date, remark].filter(Boolean).join(" · "),
        }))}
        onChange={setChosen}
      />
      <Segmented
        block
        value={phase}
        options={PHASES.map((value) => ({ value, label: t(`counting.${value}`) }))}
        onChange={setPhase}
      />
      <HowFar plan={plan.id} phase={phase} />
      <Desk key={`${plan.id}-${phase}`} plan={plan.id} phase={phase} />
    </div>
  );
}
