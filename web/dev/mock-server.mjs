// The API of the arena without an arena: made-up answers, written slowly, kept in memory.
//
// For work on the page; see README.md. Words in a question steer what happens:
// "fail": side B fails on its first attempt; "both fail": both do; "redraw": side B fails and is drawn anew;
// "reason": side A thinks first; "briefly": short answers. MOCK_NOTICES=paused,demo_models sets the notices,
// MOCK_TURNS_LEFT=3 what may still be asked this hour, MOCK_SPEED=4 writes faster.

import { createHash, randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { ANSWERS, REASONING } from "./mock-answers.mjs";
import { BOARDS } from "./mock-boards.mjs";

const PORT = Number(process.env.EVENHAND_PORT ?? 8787);
const NOTICES = (process.env.MOCK_NOTICES ?? "demo_models").split(",").filter(Boolean);
const TURNS_LEFT = Number(process.env.MOCK_TURNS_LEFT ?? 17);
const TICK_MS = 50 / Number(process.env.MOCK_SPEED ?? 1);
const PAGE = new URL("../../src/evenhand/app/page/", import.meta.url);
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const TYPES = {
  js: "text/javascript",
  css: "text/css",
  html: "text/html",
  svg: "image/svg+xml",
  woff2: "font/woff2",
};

const contestants = [
  ["swift-1", "Swift 1", "Acme", "proprietary", { input: 0.5, output: 1.5 }, 32768, false],
  ["meadow-7b", "Meadow 7B Instruct", "Green Field Lab", "Apache-2.0", null, 8192, false],
  ["smollm2-135m-instruct", "SmolLM2 135M Instruct", "Hugging Face", "Apache-2.0", null, 2048, true],
].map(([slug, name, organization, license, price, context, demo]) => ({
  slug,
  name,
  organization,
  license,
  arenas: ["text"],
  price,
  context,
  demo,
}));
const arena = {
  slug: "text",
  name: { en: "Text", zh: "文本" },
  modes: ["battle", "side_by_side", "direct"],
  max_prompt_characters: 20000,
};

const conversations = new Map();
const folders = new Map();
const secrets = new Map();
const streams = new Map();

class Refused extends Error {
  constructor(status, code, extra = {}) {
    super(code);
    Object.assign(this, {
      status,
      body: { type: "about:blank", title: code, status, code, detail: code, ...extra },
    });
  }
}

const send = (conversation, type, data) => {
  for (const stream of streams.get(conversation.id) ?? []) {
    stream.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  }
};

function draw(conversation, slugs) {
  const id = randomUUID();
  const sides = slugs.map((slug, index) => {
    const side = "ab"[index];
    const configuration = createHash("sha256").update(`configuration ${slug}`).digest("hex");
    const salt = randomBytes(32).toString("hex");
    const lines = ["evenhand-commitment-1", id, side, slug, configuration, salt];
    const commitment = createHash("sha256").update(lines.join("\n")).digest("hex");
    const { arenas: _, ...who } = contestants.find((one) => one.slug === slug);
    const statistics = {
      input_tokens: 214,
      output_tokens: 532 + index * 120,
      reasoning_tokens: null,
      first_token_ms: 380 + index * 240,
      duration_ms: 7400,
      tokens_per_second: 71.9 - index * 30,
      cost_usd: who.price ? 0.000905 : null,
    };
    return { ...who, configuration, commitment, salt, statistics };
  });
  const reveal = { a: sides[0], b: sides[1] ?? null };
  secrets.set(id, reveal);
  const battle = {
    id,
    mode: conversation.mode,
    status: "running",
    commitments: { a: sides[0].commitment, b: sides[1]?.commitment ?? null },
    redrawn_to: null,
    carried: null,
    instead_because: null,
    vote: null,
    reveal: conversation.mode === "battle" ? null : reveal,
  };
  conversation.battles.push(battle);
  return battle;
}

const shuffled = () => [...contestants].sort(() => Math.random() - 0.5).map(({ slug }) => slug);

function write(conversation, turn, response, parts, outcome) {
  let part = 0;
  let offset = 0;
  const status = (fields) => {
    Object.assign(response, fields);
    const { parts: _, ...rest } = response;
    send(conversation, "response", { battle_id: turn.battle_id, turn_id: turn.id, ...rest });
  };
  status({ status: "streaming", error: null });
  const attempt = response.attempt;
  const timer = setInterval(() => {
    if (response.status !== "streaming" || response.attempt !== attempt) return clearInterval(timer);
    const { kind, points } = parts[part];
    if (outcome === "fail" && offset > 60) {
      clearInterval(timer);
      status({ status: "failed", error: "overloaded" });
      return outcomeOf(conversation, turn);
    }
    const text = points.slice(offset, offset + 14).join("");
    response.parts[part] = { index: part, kind, text: points.slice(0, offset + 14).join("") };
    send(conversation, "delta", {
      battle_id: turn.battle_id,
      turn_id: turn.id,
      side: response.side,
      attempt,
      part,
      kind,
      offset,
      text,
    });
    offset += 14;
    if (offset < points.length) return;
    part += 1;
    offset = 0;
    if (part < parts.length) return;
    clearInterval(timer);
    status({ status: "done", finish_reason: "stop" });
    outcomeOf(conversation, turn);
  }, TICK_MS);
}

function outcomeOf(conversation, turn) {
  const battle = conversation.battles.find(({ id }) => id === turn.battle_id);
  const prompt = turn.parts[0].text;
  const failed = turn.responses.find(({ status }) => status === "failed");
  if (failed && prompt.includes("redraw") && battle.mode === "battle" && !turn.redrawn) {
    turn.redrawn = true;
    const kept = secrets.get(battle.id).a.slug;
    const next = draw(conversation, [kept, shuffled().find((slug) => slug !== kept)]);
    Object.assign(battle, { status: "redrawn", redrawn_to: next.id });
    send(conversation, "battle", { id: battle.id, turn_id: turn.id, status: "redrawn", redrawn_to: next.id });
    turn.battle_id = next.id;
    Object.assign(failed, { status: "queued", attempt: failed.attempt + 1, parts: [], error: null });
    send(conversation, "battle", {
      id: next.id,
      turn_id: turn.id,
      status: "running",
      commitments: next.commitments,
    });
    return answer(conversation, turn, failed);
  }
  if (turn.responses.some(({ status }) => status === "queued" || status === "streaming")) return;
  battle.status = failed ? "failed" : "ready";
  send(conversation, "battle", { id: battle.id, turn_id: turn.id, status: battle.status });
}

function answer(conversation, turn, response) {
  const prompt = turn.parts[0].text;
  const fails =
    (/fail|redraw/.test(prompt) && response.side === "b" && response.attempt === 1) ||
    (/both fail/.test(prompt) && response.attempt === 1);
  const text = prompt.includes("briefly") ? "A plain answer." : ANSWERS[response.side];
  const parts = [{ kind: "text", points: [...text] }];
  if (prompt.includes("reason") && response.side === "a")
    parts.unshift({ kind: "reasoning", points: [...REASONING] });
  setTimeout(() => write(conversation, turn, response, parts, fails ? "fail" : "done"), 8 * TICK_MS);
}

function ask(conversation, body) {
  const prompt = body.parts?.[0]?.text ?? "";
  if (!prompt.trim()) throw new Refused(422, "empty_prompt");
  if (NOTICES.includes("paused")) throw new Refused(503, "paused");
  if (prompt.includes("limit"))
    throw new Refused(429, "too_many_turns_hour", { limit: 20, retry_after: 1260 });
  const newest = conversation.turns.at(-1)?.id ?? null;
  const parent_id = body.parent_id === undefined ? newest : body.parent_id;
  const last = conversation.battles.at(-1);
  const goesOn = last && parent_id === newest && !body.new_pair && !last.vote && last.status !== "skipped";
  if (last && !goesOn && last.status === "ready") last.status = "skipped";
  const slugs = conversation.contestants.map(({ slug }) => slug);
  const battle = goesOn ? last : draw(conversation, slugs.length ? slugs : shuffled().slice(0, 2));
  battle.status = "running";
  const turn = {
    id: randomUUID(),
    parent_id,
    battle_id: battle.id,
    created_at: new Date().toISOString(),
    parts: body.parts,
    preset: body.preset ? { version: 1, ...body.preset } : null,
    responses: (conversation.mode === "direct" ? ["a"] : ["a", "b"]).map((side) => ({
      side,
      status: "queued",
      finish_reason: null,
      error: null,
      attempt: 1,
      parts: [],
    })),
  };
  conversation.title ||= prompt.slice(0, 60);
  conversation.updated_at = turn.created_at;
  conversation.turns.push(turn);
  for (const response of turn.responses) answer(conversation, turn, response);
  return { id: turn.id, battle_id: battle.id, commitments: battle.commitments, turn, battle, carried: null };
}

function vote(battle, choice) {
  if (battle.vote) return;
  if (battle.status !== "ready") throw new Refused(409, "battle_not_ready");
  const turn = findTurn(({ battle_id }) => battle_id === battle.id).turn;
  const stopped = turn.responses.some(({ status }) => status === "stopped");
  const reason = battle.mode !== "battle" ? "not_blind" : stopped ? "stopped" : null;
  battle.vote = {
    id: randomUUID(),
    choice,
    counted: reason === null,
    reason,
    cast_at: new Date().toISOString(),
  };
  battle.status = "revealed";
  battle.reveal = secrets.get(battle.id);
  battle.carried =
    choice === "both_bad"
      ? null
      : choice === "tie"
        ? { side: "b", by: "draw" }
        : { side: choice, by: "choice" };
}

function findTurn(wanted) {
  for (const conversation of conversations.values()) {
    const turn = conversation.turns.find(wanted);
    if (turn) return { conversation, turn };
  }
  throw new Refused(404, "not_found");
}

function findConversation(id) {
  const conversation = conversations.get(id);
  if (!conversation) throw new Refused(404, "not_found");
  return conversation;
}

function follow(conversation, response) {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write(": hello\n\n");
  const all = streams.get(conversation.id) ?? new Set();
  streams.set(conversation.id, all.add(response));
  response.on("close", () => all.delete(response));
  const turn = conversation.turns.at(-1);
  if (!turn) return;
  const only = (type, data) => response.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  const ids = { battle_id: turn.battle_id, turn_id: turn.id };
  for (const { parts, ...side } of turn.responses) {
    for (const { index, kind, text } of parts) {
      only("delta", { ...ids, side: side.side, attempt: side.attempt, part: index, kind, offset: 0, text });
    }
    only("response", { ...ids, ...side });
  }
  const battle = conversation.battles.find(({ id }) => id === turn.battle_id);
  only("battle", { id: battle.id, turn_id: turn.id, status: battle.status, commitments: battle.commitments });
}

const routes = [
  ["GET", /^\/health$/, () => ({ status: "ok", version: "mock" })],
  [
    "GET",
    /^\/instance$/,
    () => ({
      name: "Evenhand",
      version: "mock",
      terms: {
        version: "2026-11-2",
        short: { en: "Your question is kept and sent on.", zh: "你的问题会被保存并发送给模型。" },
      },
      arenas: [arena],
      notices: NOTICES,
      sign_in: { email: "console", providers: [] },
    }),
  ],
  [
    "GET",
    /^\/me$/,
    () => ({
      id: "guest",
      kind: "guest",
      email: null,
      terms_agreed: true,
      quotas: [],
      turns_per_hour: 20,
      turns_left: TURNS_LEFT,
      turns_back_at: TURNS_LEFT ? null : new Date(Date.now() + 1_260_000).toISOString(),
      turns_at_once: 2,
    }),
  ],
  [
    "GET",
    /^\/arenas\/text\/suggestions$/,
    () => ({
      day: "2026-11-29",
      language: "en",
      prompts: [1, 2, 3, 4, 5, 6].map((number) => `A prompt worth asking, number ${number}`),
    }),
  ],
  ["GET", /^\/presets$/, () => ({ wordings: [] })],
  ["GET", /^\/prompts$/, () => ({ items: [], limit: 100 })],
  ["GET", /^\/contestants$/, () => ({ contestants: NOTICES.includes("no_contestants") ? [] : contestants })],
  [
    "GET",
    /^\/boards$/,
    () => ({ boards: BOARDS.map(({ slug, name, kind, votes }) => ({ slug, name, kind, votes })) }),
  ],
  [
    "GET",
    /^\/boards\/(.+)$/,
    (_, slug) => {
      const board = BOARDS.find((one) => one.slug === slug);
      if (!board) throw new Refused(404, "not_found");
      return board;
    },
  ],
  [
    "GET",
    /^\/conversations$/,
    (_, __, query) => {
      const words = (query.get("query") ?? "").toLowerCase();
      const is = (name, value) => !query.has(name) || query.get(name) === String(value);
      const items = [...conversations.values()]
        .filter(({ title, turns }) => turns.length > 0 && title.toLowerCase().includes(words))
        .filter((one) => ["mode", "arena", "pinned", "archived"].every((name) => is(name, one[name])))
        .filter((one) => is("folder", one.folder_id ?? "none"))
        .sort((x, y) => y.updated_at.localeCompare(x.updated_at))
        .map(({ turns, battles, contestants, retired, place, terms_version, ...summary }) => ({
          ...summary,
          voted: battles.some((battle) => battle.vote),
          hit: words
            ? { found_in: "title", turn_id: null, snippet: [{ text: summary.title, match: true }] }
            : null,
        }));
      return { items, next: null };
    },
  ],
  [
    "PATCH",
    /^\/conversations\/([^/]+)$/,
    (body, id) => {
      const conversation = findConversation(id);
      const { title } = body;
      if (title === null) body.title = conversation.turns[0].parts[0].text.slice(0, 60);
      Object.assign(conversation, body);
    },
  ],
  [
    "GET",
    /^\/folders$/,
    () => ({
      items: [...folders.values()].map((folder) => ({
        ...folder,
        conversations: [...conversations.values()].filter((one) => one.folder_id === folder.id).length,
      })),
    }),
  ],
  [
    "POST",
    /^\/folders$/,
    ({ name }) => {
      const folder = { id: randomUUID(), name, created_at: new Date().toISOString(), conversations: 0 };
      folders.set(folder.id, folder);
      return folder;
    },
  ],
  ["PATCH", /^\/folders\/([^/]+)$/, ({ name }, id) => Object.assign(folders.get(id), { name })],
  [
    "DELETE",
    /^\/folders\/([^/]+)$/,
    (_, id) => {
      folders.delete(id);
      for (const one of conversations.values()) if (one.folder_id === id) one.folder_id = null;
    },
  ],
  [
    "POST",
    /^\/conversations$/,
    (body) => {
      const now = new Date().toISOString();
      const conversation = {
        id: randomUUID(),
        arena: body.arena,
        mode: body.mode,
        title: "",
        pinned: false,
        archived: false,
        folder_id: null,
        left_out: false,
        topics: [],
        retired: [],
        place: null,
        terms_version: body.terms_version ?? "",
        created_at: now,
        updated_at: now,
        contestants: (body.contestants ?? []).map((slug) => contestants.find((one) => one.slug === slug)),
        turns: [],
        battles: [],
      };
      conversations.set(conversation.id, conversation);
      return conversation;
    },
  ],
  ["GET", /^\/conversations\/([^/]+)$/, (_, id) => findConversation(id)],
  ["POST", /^\/conversations\/([^/]+)\/turns$/, (body, id) => ask(findConversation(id), body)],
  [
    "POST",
    /^\/battles\/([^/]+)\/vote$/,
    (body, id) => {
      const { conversation } = findTurn(({ battle_id }) => battle_id === id);
      const battle = conversation.battles.find((one) => one.id === id);
      vote(battle, body.choice);
      return { vote: battle.vote, reveal: battle.reveal, carried: battle.carried };
    },
  ],
  [
    "POST",
    /^\/turns\/([^/]+)\/stop$/,
    (_, id) => {
      const { conversation, turn } = findTurn((one) => one.id === id);
      for (const response of turn.responses) {
        if (response.status === "streaming" || response.status === "queued") response.status = "stopped";
      }
      setTimeout(() => outcomeOf(conversation, turn), TICK_MS);
      return turn;
    },
  ],
  [
    "POST",
    /^\/turns\/([^/]+)\/retry$/,
    (_, id) => {
      const { conversation, turn } = findTurn((one) => one.id === id);
      for (const response of turn.responses) {
        if (response.status !== "failed" && response.status !== "stopped") continue;
        Object.assign(response, { status: "queued", attempt: response.attempt + 1, parts: [], error: null });
        answer(conversation, turn, response);
      }
      conversation.battles.find((one) => one.id === turn.battle_id).status = "running";
      return turn;
    },
  ],
];

async function api(request, response, url) {
  const path = url.pathname.slice("/api/v1".length);
  const events = /^\/conversations\/([^/]+)\/events$/.exec(path);
  if (events) return follow(findConversation(events[1]), response);
  let text = "";
  for await (const chunk of request) text += chunk;
  for (const [method, pattern, handle] of routes) {
    const match = method === request.method && pattern.exec(path);
    if (!match) continue;
    const result = handle(text ? JSON.parse(text) : undefined, match[1], url.searchParams);
    if (result === undefined) return response.writeHead(204).end();
    response.writeHead(200, { "Content-Type": "application/json" });
    return response.end(JSON.stringify(result));
  }
  throw new Refused(404, "not_found");
}

function page(response, url) {
  let file = url.pathname.slice(1) || "index.html";
  let content;
  try {
    content = readFileSync(new URL(file, PAGE));
  } catch {
    file = "index.html";
    content = readFileSync(new URL(file, PAGE));
  }
  response.writeHead(200, {
    "Content-Type": TYPES[file.split(".").at(-1)] ?? "application/octet-stream",
    "Content-Security-Policy": CSP,
  });
  response.end(content);
}

createServer(async (request, response) => {
  const url = new URL(request.url, "http://127.0.0.1");
  try {
    if (url.pathname.startsWith("/api/")) await api(request, response, url);
    else page(response, url);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    response.writeHead(error.status, { "Content-Type": "application/problem+json" });
    response.end(JSON.stringify(error.body));
  }
}).listen(PORT, "127.0.0.1", () => console.log(`mock arena at http://127.0.0.1:${PORT}`));
