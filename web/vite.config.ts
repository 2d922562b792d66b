import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `npm run dev` forwards the API to a server that runs beside it: `evenhand up`, or `npm run mock`.
const server = process.env.EVENHAND_SERVER ?? "http://127.0.0.1:8787";

export default defineConfig({
  base: "/",
  plugins: [react(), tailwindcss()],
  build: {
    outDir: "../src/evenhand/app/page",
    emptyOutDir: true,
    // The content security policy allows fonts from this origin alone, so nothing is put inline as data.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
  },
  server: { proxy: { "/api": server } },
  test: { include: ["src/**/*.test.{ts,tsx}"] },
});
