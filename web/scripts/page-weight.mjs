// Prints how much script the first page fetches, and fails the build when it is over the bar.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BAR_KB = 200;
const page = new URL("../../src/evenhand/app/page/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", page), "utf8"));

const files = new Set();
function collect(key) {
  const chunk = manifest[key];
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const imported of chunk.imports ?? []) collect(imported);
}
const html = readFileSync(new URL("index.html", page), "utf8");
for (const [key, { file }] of Object.entries(manifest)) if (html.includes(`src="/${file}"`)) collect(key);
if (files.size === 0) throw new Error("index.html names no script of the manifest");
// The reader's texts are fetched before the first paint as well; the larger of the languages counts.
collect("src/i18n/locales/zh/page.json");

let bytes = 0;
for (const file of files) bytes += gzipSync(readFileSync(new URL(file, page))).length;
const kilobytes = bytes / 1000;
console.log(
  `first page: ${kilobytes.toFixed(1)} kB of script, gzip, in ${files.size} files (bar: ${BAR_KB} kB)`,
);
if (kilobytes > BAR_KB) process.exit(1);
