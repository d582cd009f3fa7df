/** Whether the screen is that of a telephone, as the styles see it; known from the first drawing on. */
import { useSyncExternalStore } from "react";

const QUERY = "(max-width: 767px)";

const media = (): MediaQueryList | null =>
  typeof window.matchMedia === "function" ? window.matchMedia(QUERY) : null;

const subscribe = (listen: () => void): (() => void) => {
  const list = media();
  list?.addEventListener("change", listen);
  return () => list?.removeEventListener("change", listen);
};

export const usePhone = (): boolean => useSyncExternalStore(subscribe, () => media()?.matches ?? false);
