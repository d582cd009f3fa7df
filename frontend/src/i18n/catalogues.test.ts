import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { en } from "./en";
import { zh } from "./zh";

const SOURCE = join(import.meta.dirname, "..");

const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) && !name.startsWith("i18n"))
  .map((name) => ({ name, text: readFileSync(join(SOURCE, name), "utf8") }));

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:])\/\/.*$/gm, "$1");

const holes = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((hit) => hit[1] ?? "").sort();

describe("the catalogues", () => {
  it("have the same keys", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  });

  it("fill in the same values", () => {
    for (const key of Object.keys(zh) as (keyof typeof zh)[])
      expect([key, holes(en[key])]).toEqual([key, holes(zh[key])]);
  });

  it("hold every key the screens use", () => {
    const used = files.flatMap(({ text }) =>
      [...text.matchAll(/\bt\(\s*"([a-z_]+\.[a-z_]+)"/g)].map((hit) => hit[1] ?? ""),
    );
    expect(used.length).toBeGreaterThan(100);
    expect(used.filter((key) => !(key in zh))).toEqual([]);
  });

  it("hold all the Chinese there is", () => {
    const found = files
      .filter(({ text }) => /[\u4e00-\u9fff]/.test(withoutComments(text)))
      .map(({ name }) => name);
    expect(found).toEqual([]);
  });
});
