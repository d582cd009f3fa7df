import { describe, expect, it } from "vitest";
import { HOME, arrive, freeNew, joined, move, neighbour, packTabs, unpackTabs } from "./tabList";

const open = (...paths: string[]) => paths.reduce((tabs, path) => arrive(tabs, path, ""), [HOME]);

describe("tabs", () => {
  it("open once per address and take over its parameters", () => {
    const tabs = arrive(open("/reports/a", "/documents/b/1"), "/reports/a", "?item=3");
    expect(tabs.map(({ path, search }) => path + search)).toEqual([
      "/",
      "/reports/a?item=3",
      "/documents/b/1",
    ]);
  });

  it("stay the same tab when a new document gets its id", () => {
    const tabs = open("/documents/b/new");
    const key = tabs[1]?.key ?? "";
    expect(move(tabs, key, "/documents/b/7", "")[1]).toMatchObject({ key, path: "/documents/b/7" });
  });

  it("give a second new document an address of its own", () => {
    expect(freeNew(open("/documents/b/new"), "/documents/b")).toBe("/documents/b/new-2");
  });

  it("join all at once, and none twice", () => {
    const pages = ["/a", "/b", "/c"].map((path) => ({ path, title: `${path}!` }));
    expect(joined(open("/b"), pages).map(({ path, title }) => path + title)).toEqual([
      "/",
      "/b",
      "/a/a!",
      "/c/c!",
    ]);
  });

  it("close towards the right neighbour, then the left", () => {
    const tabs = open("/a", "/b");
    expect(neighbour(tabs, tabs[1]?.key ?? "").path).toBe("/b");
    expect(neighbour(tabs, tabs[2]?.key ?? "").path).toBe("/a");
  });

  it("survive a reload, and damage to what was kept", () => {
    expect(unpackTabs(packTabs(open("/a"))).map(({ path }) => path)).toEqual(["/", "/a"]);
    expect(unpackTabs("damaged").map(({ path }) => path)).toEqual(["/"]);
  });
});
