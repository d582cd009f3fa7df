/** The addresses of the program. No document type has one of its own: the name in the address finds its declaration. */
import { Result } from "antd";
import { useTranslation } from "react-i18next";
import { Route, useParams } from "react-router";
import { useMeta } from "../meta/context";
import { DocumentView } from "../views/DocumentView";
import { ListView } from "../views/ListView";
import { MasterView } from "../views/MasterView";
import { ReportView } from "../views/ReportView";
import { CountingPage } from "./CountingPage";
import { HomePage } from "./HomePage";
import { SettingsPage } from "./SettingsPage";

function NotFound() {
  const { t } = useTranslation();
  return <Result status="404" title={t("error.not_found")} />;
}

function Documents() {
  const { name = "", id } = useParams();
  const found = useMeta().documents[name];
  if (!found) return <NotFound />;
  return id === undefined ? (
    <ListView key={name} meta={found} />
  ) : (
    <DocumentView key={name} meta={found} id={id} />
  );
}

function Masters() {
  const { name = "", id } = useParams();
  const found = useMeta().masters[name];
  if (!found) return <NotFound />;
  return id === undefined ? (
    <ListView key={name} meta={found} />
  ) : (
    <MasterView key={name} meta={found} id={id} />
  );
}

function Reports() {
  const { name = "" } = useParams();
  const found = useMeta().reports[name];
  return found ? <ReportView key={name} report={found} /> : <NotFound />;
}

function Counting() {
  const found = useMeta().pages.counting;
  return found ? <CountingPage title={found.label} /> : <NotFound />;
}

function Settings() {
  const found = useMeta().pages.settings;
  return found ? <SettingsPage title={found.label} /> : <NotFound />;
}

export const routes = (
  <>
    <Route path="/" element={<HomePage />} />
    <Route path="/documents/:name/:id?" element={<Documents />} />
    <Route path="/masters/:name/:id?" element={<Masters />} />
    <Route path="/reports/:name" element={<Reports />} />
    <Route path="/pages/counting" element={<Counting />} />
    <Route path="/pages/settings" element={<Settings />} />
    <Route path="*" element={<NotFound />} />
  </>
);
