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
const keyOf = new Map(Object.entries(manifest).map(([key, { file }]) => [file, key]));
for (const [, file] of html.matchAll(/<script[^>]* src="\/([^"]+)"/g)) {
  if (keyOf.has(file)) collect(keyOf.get(file));
  else files.add(file);
}
if (files.size < 2) throw new Error("index.html does not name its scripts");
// What everybody's first page fetches besides: the texts, of which the larger of the languages counts, and these.
collect("src/i18n/locales/zh/page.json");
for (const part of ["history/HistoryList", "asking/Suggestions", "chat/start/InstanceNotices"]) {
  collect(`src/${part}.tsx`);
}

let bytes = 0;
for (const file of files) bytes += gzipSync(readFileSync(new URL(file, page))).length;
const kilobytes = bytes / 1000;
console.log(
  `first page: ${kilobytes.toFixed(1)} kB of script, gzip, in ${files.size} files (bar: ${BAR_KB} kB)`,
);
if (kilobytes > BAR_KB) process.exit(1);
