import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Every browser that can run the page reads woff2; KaTeX's other font files would only fill the package. */
const woff2Only: Plugin = {
  name: "woff2-only",
  enforce: "pre",
  transform(code, id) {
    if (!id.includes("katex") || !id.includes(".css")) return;
    return code.replace(/,url\([^)]*\) format\("(?:woff|truetype)"\)/g, "");
  },
};

// `npm run dev` forwards the API to a server that runs beside it: `evenhand up`, or `npm run mock`.
const server = process.env.EVENHAND_SERVER ?? "http://127.0.0.1:8787";

export default defineConfig({
  base: "/",
  plugins: [woff2Only, react(), tailwindcss()],
  build: {
    outDir: "../src/evenhand/app/page",
    emptyOutDir: true,
    // The content security policy allows fonts from this origin alone, so nothing is put inline as data.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // One file: else what it shares with parts that are fetched later would be many more, and packed worse.
          groups: [{ name: "first", tags: ["$initial"] }],
        },
      },
    },
    // The largest chunks, such as the grammar of C++, are fetched only by an answer that needs them. What
    // is held small is the first page: scripts/page-weight.mjs.
    chunkSizeWarningLimit: 1000,
  },
  server: { proxy: { "/api": server, "/manifest.webmanifest": server } },
  test: { include: ["src/**/*.test.{ts,tsx}"] },
});
