/** From nobody to a working user: session, first password, declarations, then the shell. */
import { useCallback, useEffect, useMemo, useRef } from "react";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Result, Spin } from "antd";
import { useTranslation } from "react-i18next";
import * as calls from "../api/calls";
import { configureClient, messageOf } from "../api/client";
import type { Session } from "../api/shapes";
import type { Language } from "../i18n";
import { PlaceProvider, readMeta } from "../meta/context";
import { Shell } from "../shell/Shell";
import { type Preferences, usePreferences } from "../shell/preferences";
import { Theme } from "../shell/Theme";
import { LoginPage, PasswordPage } from "./LoginPage";
import { routes } from "./routes";

const NOBODY: Session = { authenticated: false, user: null, must_change_password: false };

/** Labels come from the server, so whatever was read in one language is read again in the other. */
function useOtherWords(language: Language): void {
  const client = useQueryClient();
  const before = useRef(language);
  useEffect(() => {
    if (before.current === language) return;
    before.current = language;
    void client.invalidateQueries({
      predicate: ({ queryKey: [root] }) => root !== "session" && root !== "meta",
    });
  }, [client, language]);
}

function Working({
  user,
  preferences,
  onLogOut,
}: {
  user: NonNullable<Session["user"]>;
  preferences: Preferences;
  onLogOut: () => void;
}) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ["meta", user.id, preferences.language],
    queryFn: readMeta,
    staleTime: Infinity,
    // The screens stay as they are, with what was typed into them, until the other words are here.
    placeholderData: keepPreviousData,
  });
  useOtherWords(preferences.language);
  const place = useMemo(
    () => (data ? { meta: data, username: user.username, userId: user.id } : null),
    [data, user],
  );
  if (error && !data) {
    return (
      <Result
        status="warning"
        title={messageOf(error, t("error.meta", { reason: error.message }))}
        extra={<Button onClick={() => void refetch()}>{t("error.again")}</Button>}
      />
    );
  }
  if (!place) return <Spin className="hc-loading" />;
  return (
    <PlaceProvider value={place}>
      <Shell
        routes={routes}
        name={user.display_name || user.username}
        preferences={preferences}
        onLogOut={onLogOut}
      />
    </PlaceProvider>
  );
}

function Entrance({ preferences }: { preferences: Preferences }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ["session"],
    queryFn: calls.readSession,
    staleTime: Infinity,
  });
  const setSession = useCallback((session: Session) => client.setQueryData(["session"], session), [client]);
  // Nothing that one user has seen stays for the next; the session itself stays, for this screen listens to it.
  const leave = useCallback(() => {
    setSession(NOBODY);
    client.removeQueries({ predicate: ({ queryKey: [root] }) => root !== "session" });
  }, [client, setSession]);
  useEffect(() => configureClient({ onUnauthorized: leave }), [leave]);
  const logOut = async () => {
    await calls.logOut().catch(() => undefined);
    leave();
  };
  if (error && !data) {
    return (
      <Result
        status="warning"
        title={messageOf(error, t("error.network"))}
        extra={<Button onClick={() => void refetch()}>{t("error.again")}</Button>}
      />
    );
  }
  if (!data) return <Spin className="hc-loading" />;
  if (!data.authenticated || !data.user) return <LoginPage onSession={setSession} />;
  if (data.must_change_password) return <PasswordPage onSession={setSession} />;
  return <Working user={data.user} preferences={preferences} onLogOut={() => void logOut()} />;
}

export function Root() {
  const preferences = usePreferences();
  configureClient({ language: preferences.language === "zh" ? "zh-CN" : "en" });
  return (
    <Theme preferences={preferences}>
      <Entrance preferences={preferences} />
    </Theme>
  );
}
