// Two boards: the live one, still young, and an imported one.

const row = (contestant, name, organization, rating, half, best, worst, votes) => ({
  contestant,
  name,
  organization,
  license: "Apache-2.0",
  price: { input: 0.5, output: 1.5 },
  context: 32768,
  rating,
  lower: rating - half,
  upper: rating + half,
  rank: best,
  rank_best: best,
  rank_worst: worst,
  votes,
  wins: Math.round(votes / 2),
  losses: Math.round(votes / 3),
  ties: Math.round(votes / 6),
  component: 0,
  preliminary: votes < 3000,
  reason: null,
  separated_from_next: best === worst,
});

const board = (slug, name, kind, votes, status, rows) => ({
  slug,
  kind,
  arena: kind === "live" ? "text" : null,
  name,
  status,
  connected: true,
  method: { model: "bradley-terry", fit: "newton", anchor: 1000, alpha: 0.05, ties: "half" },
  votes,
  excluded: 0,
  updated_at: new Date().toISOString(),
  source: kind === "live" ? null : { name: "A public set", url: "https://example.org", note: "Counts only" },
  rows,
});

export const BOARDS = [
  board("text", "Text", "live", 214, "preliminary", [
    row("swift-1", "Swift 1", "Acme", 1062, 48, 1, 2, 120),
    row("meadow-7b", "Meadow 7B Instruct", "Green Field Lab", 1010, 51, 1, 3, 98),
    row("smollm2-135m-instruct", "SmolLM2 135M Instruct", "Hugging Face", 928, 60, 2, 3, 96),
  ]),
  board("chatbot-arena-2024-08", "Chatbot Arena, August 2024", "imported", 1_670_250, "established", [
    row("gpt-x", "GPT X", "OpenCorp", 1316, 4, 1, 1, 40_120),
    row("gemini-x", "Gemini X", "Search Co", 1300, 5, 2, 3, 38_011),
    row("llama-x", "Llama X", "Social Co", 1297, 4, 2, 3, 51_300),
  ]),
];
