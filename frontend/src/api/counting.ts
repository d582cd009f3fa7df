/** The calls of who counts: plans that run, what is left to count, and entries. */
import { array, boolean, nullable, number, object, string, withDefault } from "./check";
import { get, post } from "./client";
import type { JsonObject } from "./json";

export interface Plan {
  id: number;
  number: string;
  document_date: string;
  remark: string;
  blind: boolean;
}
export interface Task {
  line: number;
  item_code: string;
  item_name: string;
  item_spec: string;
  unit: string;
  tracking: string;
  place_name: string;
  lot: string;
  /** What this person has counted of it in this pass. */
  own: string | null;
  /** Absent of a blind plan. */
  book_quantity: string | null;
  /** The three of an item with a second unit alone. */
  second_unit: string | null;
  own_second: string | null;
  book_second: string | null;
}
export interface Progress {
  settled: boolean;
  to_count: number;
  phases: { phase: string; to_count: number; counted: number }[];
}
export interface Entry {
  entry: number;
  phase: string;
  quantity: string;
  second_quantity: string | null;
  unit: string;
  second_unit: string | null;
  item_code: string;
  item_name: string;
  serials: string[];
}

const PLANS = "/count_plans";
const plan = object<Plan>({
  id: number,
  number: string,
  document_date: string,
  remark: string,
  blind: boolean,
});
const task = object<Task>({
  line: number,
  item_code: string,
  item_name: string,
  item_spec: string,
  unit: string,
  tracking: string,
  place_name: string,
  lot: string,
  own: nullable(string),
  book_quantity: nullable(string),
  second_unit: nullable(string),
  own_second: nullable(string),
  book_second: nullable(string),
});
const progress = object<Progress>({
  settled: boolean,
  to_count: number,
  phases: array(object<Progress["phases"][number]>({ phase: string, to_count: number, counted: number })),
});
const entry = object<Entry>({
  entry: number,
  phase: string,
  quantity: string,
  second_quantity: nullable(string),
  unit: string,
  second_unit: nullable(string),
  item_code: string,
  item_name: string,
  serials: withDefault(array(string), []),
});

export const readPlans = () => get(`${PLANS}/counting`, object<{ plans: Plan[] }>({ plans: array(plan) }));
export const readTasks = (id: number, phase: string, search: string) =>
  get(`${PLANS}/${id}/tasks`, object<{ rows: Task[]; more: number }>({ rows: array(task), more: number }), {
    phase,
    search,
  });
export const readProgress = (id: number) => get(`${PLANS}/${id}/count_progress`, progress);
export const readEntries = (id: number) =>
  get(`${PLANS}/${id}/entries`, object<{ rows: Entry[] }>({ rows: array(entry) }));
export const enter = (id: number, body: JsonObject) =>
  post(
    `${PLANS}/${id}/entries`,
    object<{ own: string; own_second: string | null }>({ own: string, own_second: nullable(string) }),
    body,
  );
export const withdraw = (id: number, one: number) =>
  post(`${PLANS}/${id}/entries/${one}/withdraw`, object<{ entry: number }>({ entry: number }));
