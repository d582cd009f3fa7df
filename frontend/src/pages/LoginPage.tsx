/** 登录 Login, and the change of the first password. */
import { type ReactNode, useState } from "react";
import { Alert, Button, Input } from "antd";
import { useTranslation } from "react-i18next";
import * as calls from "../api/calls";
import { messageOf } from "../api/client";
import { ApiError } from "../api/errors";
import type { Session } from "../api/shapes";

interface FormProps {
  onSession: (session: Session) => void;
}

function Frame({
  title,
  problem,
  busy,
  label,
  onSubmit,
  children,
}: {
  title: string;
  problem: string;
  busy: boolean;
  label: string;
  onSubmit: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <div className="hc-login">
      <form
        aria-label={title}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <h1>{t("shell.brand")}</h1>
        <p className="hc-dim">{title}</p>
        {problem && <Alert type="error" showIcon title={problem} />}
        {children}
        <Button type="primary" size="large" htmlType="submit" block loading={busy}>
          {label}
        </Button>
      </form>
    </div>
  );
}

/** Runs a submission once at a time and keeps what the server said about it. */
function useSubmit(work: () => Promise<Session>, onSession: (session: Session) => void) {
  const { t } = useTranslation();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    if (busy) return;
    setBusy(true);
    setProblem("");
    try {
      onSession(await work());
    } catch (failure) {
      const details =
        failure instanceof ApiError ? failure.errors.map(({ message }) => message).filter(Boolean) : [];
      setProblem(details.length > 0 ? details.join(" ") : messageOf(failure, t("error.network")));
    } finally {
      setBusy(false);
    }
  };
  return { problem, setProblem, busy, submit };
}

export function LoginPage({ onSession }: FormProps) {
  const { t } = useTranslation();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const { problem, busy, submit } = useSubmit(() => calls.logIn(username.trim(), password), onSession);
  return (
    <Frame
      title={t("login.title")}
      problem={problem}
      busy={busy}
      label={t("login.submit")}
      onSubmit={() => void submit()}
    >
      <label htmlFor="username">{t("login.username")}</label>
      <Input
        id="username"
        size="large"
        autoFocus
        autoComplete="username"
        value={username}
        onChange={(event) => setUsername(event.target.value)}
      />
      <label htmlFor="password">{t("login.password")}</label>
      <Input.Password
        id="password"
        size="large"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
    </Frame>
  );
}

export function PasswordPage({ onSession }: FormProps) {
  const { t } = useTranslation();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const { problem, setProblem, busy, submit } = useSubmit(() => calls.changePassword(old, fresh), onSession);
  const check = () => (fresh === again ? void submit() : setProblem(t("login.differ")));
  return (
    <Frame
      title={t("login.must_change")}
      problem={problem}
      busy={busy}
      label={t("login.change")}
      onSubmit={check}
    >
      <label htmlFor="old-password">{t("login.old")}</label>
      <Input.Password
        id="old-password"
        size="large"
        autoFocus
        autoComplete="current-password"
        value={old}
        onChange={(event) => setOld(event.target.value)}
      />
      <label htmlFor="new-password">{t("login.new")}</label>
      <Input.Password
        id="new-password"
        size="large"
        autoComplete="new-password"
        value={fresh}
        onChange={(event) => setFresh(event.target.value)}
      />
      <label htmlFor="new-password-again">{t("login.again")}</label>
      <Input.Password
        id="new-password-again"
        size="large"
        autoComplete="new-password"
        value={again}
        onChange={(event) => setAgain(event.target.value)}
      />
    </Frame>
  );
}
