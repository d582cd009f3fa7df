/** Whether the screen is that of a telephone, as the styles see it; known from the first drawing on. */
import { useSyncExternalStore } from "react";

function watch(query: string) {
  const media = (): MediaQueryList | null =>
    typeof window.matchMedia === "function" ? window.matchMedia(query) : null;
  const subscribe = (listen: () => void): (() => void) => {
    const list = media();
    list?.addEventListener("change", listen);
    return () => list?.removeEventListener("change", listen);
  };
  return { subscribe, matches: () => media()?.matches ?? false };
}

const phone = watch("(max-width: 767px)");
const narrow = watch("(max-width: 599px)");

export const usePhone = (): boolean => useSyncExternalStore(phone.subscribe, phone.matches);

/** Too narrow for a sheet of lines: they are cards there. */
export const useNarrow = (): boolean => useSyncExternalStore(narrow.subscribe, narrow.matches);
