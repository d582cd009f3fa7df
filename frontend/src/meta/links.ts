/** Links of the server: where a figure, a task or an alert leads. */
import { isObject } from "../api/check";
import type { Link } from "../api/shapes";
import { pathOf } from "./context";
import { textOf } from "./values";

/** The address a link of the server stands for. */
export function addressOf(link: Link): string {
  const path = pathOf(link.kind, link.name);
  if (isObject(link.parameters)) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(link.parameters))
      if (value !== null) query.set(name, textOf(value));
    return `${path}?${query.toString()}`;
  }
  return link.where ? `${path}?where=${encodeURIComponent(JSON.stringify(link.where))}` : path;
}
