// What stands in for the arena while it cannot be reached. It keeps nothing: files with their hash in the name are kept
// by the browser itself for a year, and everything else is only ever what the arena says at that moment.

const OFFLINE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Offline · 离线</title>
    <style>
      :root { --ground: #faf7f2; --ink: #1e1a16; --soft: #6b6257; --clay: #b4532a; --sea: #1f6a86; --line: #e4ddd2; }
      @media (prefers-color-scheme: dark) {
        :root { --ground: #15120f; --ink: #f2ece3; --soft: #a79c8d; --clay: #e08a5b; --sea: #62b3cf; --line: #3a332b; }
      }
      body {
        margin: 0; min-height: 100vh; display: grid; align-content: center; justify-content: center;
        background: var(--ground); color: var(--ink);
        font: 1.0625rem/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
      }
      main { max-width: 34rem; padding: 2rem 1.5rem; }
      h1 { margin: 0; font: 600 1.875rem/1.25 Georgia, "Songti SC", "Noto Serif CJK SC", serif; }
      p { margin: 0.5rem 0 0; color: var(--soft); }
      section + section { margin-top: 2rem; padding-top: 2rem; border-top: 1px solid var(--line); }
      a { display: inline-block; margin-top: 1rem; padding: 0.5rem 0; color: var(--clay); font-weight: 500; text-underline-offset: 4px; }
      a:focus-visible { outline: 2px solid var(--sea); outline-offset: 4px; }
      .mark { display: flex; gap: 0.25rem; margin-bottom: 1.5rem; }
      .mark i { width: 0.9rem; height: 0.9rem; background: var(--clay); border-radius: 50%; }
      .mark i + i { background: var(--sea); border-radius: 2px; }
    </style>
  </head>
  <body>
    <main>
      <div class="mark" aria-hidden="true"><i></i><i></i></div>
      <section lang="en">
        <h1>You are offline</h1>
        <p>The arena cannot be reached from here. What you typed is kept in this browser, and answers that were being written go on without you.</p>
        <a href="">Try again</a>
      </section>
      <section lang="zh-Hans">
        <h1>当前离线</h1>
        <p>暂时连不上竞技场。你写下的内容保存在这个浏览器里，正在生成的回答也会照常写完。</p>
        <a href="">重试</a>
      </section>
    </main>
  </body>
</html>`;

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
};

// There is nothing of an older version that a newer one could be mixed with, so that it need not wait.
self.addEventListener("install", (event) => {
  self.skipWaiting();
  // Where the browser can be told, it does not even wake this worker for what is not a page.
  event.addRoutes?.(
    ["/api/*", "/assets/*"].map((pathname) => ({
      condition: { urlPattern: { pathname } },
      source: "network",
    })),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([self.clients.claim(), self.registration.navigationPreload?.enable()]));
});

self.addEventListener("fetch", (event) => {
  if (event.request.mode !== "navigate") return;
  if (new URL(event.request.url).pathname.startsWith("/api/")) return;
  event.respondWith(fromArena(event));
});

async function fromArena(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return new Response(OFFLINE, { status: 503, headers: HEADERS });
  }
}
