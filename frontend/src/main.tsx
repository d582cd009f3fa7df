import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { BrowserRouter } from "react-router";
import { ApiError } from "./api/errors";
import "./i18n";
import { Root } from "./pages/Root";
import "./styles/base.css";
import "./styles/grid.css";
import "./styles/views.css";
import "./styles/dialogs.css";
import "./styles/lines.css";
import "./styles/print.css";

const MOST_RETRIES = 2;

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: false,
      retry: (count, failure) =>
        !(failure instanceof ApiError && failure.status < 500) && count < MOST_RETRIES,
    },
  },
});

const element = document.getElementById("root");
if (element) {
  createRoot(element).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <BrowserRouter>
          <Root />
        </BrowserRouter>
      </QueryClientProvider>
    </StrictMode>,
  );
}
