/** Language and light or dark, kept in this browser. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Language, chooseLanguage } from "../i18n";

const KEY = "hengcang:dark";

export interface Preferences {
  dark: boolean;
  language: Language;
  setDark: (dark: boolean) => void;
  setLanguage: (language: Language) => void;
}

function initialDark(): boolean {
  const chosen = localStorage.getItem(KEY);
  return chosen === null ? window.matchMedia("(prefers-color-scheme: dark)").matches : chosen === "1";
}

export function usePreferences(): Preferences {
  const { i18n } = useTranslation();
  const [dark, setDark] = useState(initialDark);
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  }, [dark]);
  return {
    dark,
    language: i18n.language === "en" ? "en" : "zh",
    setDark: (next) => {
      localStorage.setItem(KEY, next ? "1" : "0");
      setDark(next);
    },
    setLanguage: chooseLanguage,
  };
}
