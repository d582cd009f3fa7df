/** What a view may ask of the tab it stands in; the shell gives it. */
import { createContext, useContext, useEffect } from "react";

export interface TabHandle {
  active: boolean;
  /** Names this tab; tabs outlive reloads, so does the name. */
  setTitle: (title: string) => void;
  setDirty: (dirty: boolean) => void;
  /** Another address in this same tab, such as a new document that was saved. */
  replace: (path: string) => void;
  open: (path: string) => void;
  /** Several at once, each in a tab of its own, the first in front. */
  openAll: (pages: readonly { path: string; title: string }[]) => void;
  /** A new record in a tab of its own. */
  openNew: (base: string) => void;
  close: () => void;
}

const nothing = (): void => undefined;

export const TabContext = createContext<TabHandle>({
  active: true,
  setTitle: nothing,
  setDirty: nothing,
  replace: nothing,
  open: nothing,
  openAll: nothing,
  openNew: nothing,
  close: nothing,
});

export const useTab = (): TabHandle => useContext(TabContext);

export function useTitle(title: string): void {
  const { setTitle } = useTab();
  useEffect(() => {
    if (title) setTitle(title);
  }, [setTitle, title]);
}
