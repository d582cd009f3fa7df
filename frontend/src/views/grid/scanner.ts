/**
 * Tells a keyboard-wedge scanner from a person: it types a whole barcode and Enter faster than fingers can.
 * Feed it every key; on Enter it gives the barcode, or null where the keys came at a human pace.
 */
const LONGEST_GAP_MS = 80;
const AVERAGE_GAP_MS = 45;
const SHORTEST_BARCODE = 8;

export interface Burst {
  text: string;
  first: number;
  last: number;
}

export const NO_BURST: Burst = { text: "", first: 0, last: -Infinity };

/** The burst after one more printable key at `time` (milliseconds); a pause starts a new one. */
export function feed(burst: Burst, key: string, time: number): Burst {
  if (key.length !== 1) return burst;
  return time - burst.last <= LONGEST_GAP_MS
    ? { text: burst.text + key, first: burst.first, last: time }
    : { text: key, first: time, last: time };
}

/** The barcode, if Enter at `time` ended a burst that is long and fast enough. */
export function barcodeOf(burst: Burst, time: number): string | null {
  if (burst.text.length < SHORTEST_BARCODE || time - burst.last > LONGEST_GAP_MS) return null;
  return (time - burst.first) / burst.text.length <= AVERAGE_GAP_MS ? burst.text : null;
}
