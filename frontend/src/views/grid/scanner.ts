/**
 * Tells a keyboard-wedge scanner from a person: it types a whole barcode and Enter faster than fingers can.
 * Feed it every key; on Enter it gives the barcode, or null where the keys came at a human pace.
 */
const FASTEST_HUMAN_MS = 35;
const SHORTEST_BARCODE = 8;

export interface Burst {
  text: string;
  last: number;
}

export const NO_BURST: Burst = { text: "", last: -Infinity };

/** The burst after one more printable key at `time` (milliseconds). */
export function feed(burst: Burst, key: string, time: number): Burst {
  if (key.length !== 1) return burst;
  const continues = time - burst.last <= FASTEST_HUMAN_MS;
  return { text: continues ? burst.text + key : key, last: time };
}

/** The barcode, if Enter at `time` ended a burst that is long and fast enough. */
export function barcodeOf(burst: Burst, time: number): string | null {
  const fast = time - burst.last <= FASTEST_HUMAN_MS * 2;
  return fast && burst.text.length >= SHORTEST_BARCODE ? burst.text : null;
}
