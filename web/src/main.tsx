import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { keepInstallOffer } from "./app/installing";
import { queryClient } from "./app/query";
import { router } from "./app/router";
import { followTheme } from "./app/theme";
import { followOtherTabs } from "./app/whoIsHere";
import { startWorker } from "./app/worker";
import { startTranslations } from "./i18n";
import "./styles/index.css";

followTheme();
followOtherTabs();
keepInstallOffer();
startWorker();
await startTranslations();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <Suspense>
          <RouterProvider router={router} />
        </Suspense>
      </QueryClientProvider>
    </StrictMode>,
  );
}
