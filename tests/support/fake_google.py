"""Google's generateContent, as its server writes it."""

import json
from typing import Any

from tests.support.fake_scenarios import Answer, Asked, Scenario

_FIELDS = {"contents", "generationConfig", "systemInstruction"}
_STATUSES = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 429: "RESOURCE_EXHAUSTED"}
_STATUSES |= {500: "INTERNAL", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED"}
_REASONS = {"stop": "STOP", "length": "MAX_TOKENS", "content_filter": "SAFETY"}


class GoogleShape:
    route = "/v1beta/models/{model}:streamGenerateContent"
    base = "/v1beta"
    keep_alive = b": keep-alive\r\n\r\n"

    def model(self, path: dict[str, str], body: dict[str, Any]) -> str:
        return path["model"]

    def refusal(self, headers: dict[str, str], body: dict[str, Any]) -> str | None:
        """What the real server would not take."""
        unknown = set(body) - _FIELDS
        return f'Unknown name "{unknown.pop()}": Cannot find field.' if unknown else None

    def asked(self, query: str, body: dict[str, Any]) -> Asked:
        messages = [
            {"role": content["role"], "content": "".join(part["text"] for part in content["parts"])}
            for content in body["contents"]
        ]
        limit = body.get("generationConfig", {}).get("maxOutputTokens")
        return Asked(messages, limit, "alt=sse" in query)

    def error(self, status: int, message: str) -> Any:
        named = _STATUSES.get(status, "UNKNOWN")
        return {"error": {"code": status, "message": message, "status": named}}

    def error_event(self, error: Any) -> bytes:
        return _event(error)

    def opening(self, scenario: Scenario, model: str, answer: Answer) -> bytes:
        return b""

    def piece(self, scenario: Scenario, model: str, answer: Answer, position: int) -> bytes:
        kind, text = answer.pieces[position]
        part = {"text": text} if kind == "text" else {"text": text, "thought": True}
        return _event(_chunk(model, part))

    def closing(self, scenario: Scenario, model: str, answer: Answer) -> bytes:
        return _event(_last(scenario, model, answer)) if answer.finish is not None else b""

    def document(self, scenario: Scenario, model: str, answer: Answer) -> Any:
        """A list of chunks, as without `alt=sse`."""
        parts = [
            {"text": text} | ({"thought": True} if kind == "reasoning" else {})
            for kind, text in answer.pieces
        ]
        return [*(_chunk(model, part) for part in parts), _last(scenario, model, answer)]


def _last(scenario: Scenario, model: str, answer: Answer) -> dict[str, Any]:
    chunk = _chunk(model, {"text": ""})
    if answer.finish is not None:
        chunk["candidates"][0]["finishReason"] = _REASONS.get(answer.finish, answer.finish)
    if scenario.usage:
        chunk["usageMetadata"] = {
            "promptTokenCount": answer.sent,
            "candidatesTokenCount": len(answer.pieces) - answer.thought,
            "thoughtsTokenCount": answer.thought,
            "totalTokenCount": answer.sent + len(answer.pieces),
        }
    return chunk


def _chunk(model: str, part: dict[str, Any]) -> dict[str, Any]:
    """With a version and an id that give the model away."""
    return {
        "candidates": [{"content": {"parts": [part], "role": "model"}, "index": 0}],
        "modelVersion": model,
        "responseId": f"{model}-0001",
    }


def _event(content: Any) -> bytes:
    return b"data: " + json.dumps(content, ensure_ascii=False).encode() + b"\r\n\r\n"
