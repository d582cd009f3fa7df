/** Which tracking numbers belong to which document, from lines as they are pasted out of a carrier's list. */

export interface Shipped {
  id: number;
  number: string;
}

export interface Assigned {
  /** Tracking numbers by document. */
  numbers: Record<number, string>;
  /** Lines for which no document is left. */
  left: string[];
}

/**
 * A line that begins with the number of a chosen document is its own; the others go to the documents not named, in their
 * order. Several lines of one document are several parcels.
 */
export function assign(text: string, documents: readonly Shipped[]): Assigned {
  const byNumber = new Map(documents.map(({ id, number }) => [number.toUpperCase(), id]));
  const numbers: Record<number, string> = {};
  const unnamed: string[] = [];
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (line === "") continue;
    const [first = "", ...rest] = line.split(/[\s,\uff0c]+/);
    const id = byNumber.get(first.toUpperCase());
    if (id === undefined) unnamed.push(line);
    else if (rest.length > 0) numbers[id] = numbers[id] ? `${numbers[id]} ${rest.join(" ")}` : rest.join(" ");
  }
  for (const { id } of documents) {
    if (numbers[id] !== undefined) continue;
    const next = unnamed.shift();
    if (next === undefined) break;
    numbers[id] = next.split(/[\s,\uff0c]+/).join(" ");
  }
  return { numbers, left: unnamed };
}
