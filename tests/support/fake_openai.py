"""OpenAI's chat completions, as a server writes them."""

import json
from typing import Any

from tests.support.fake_scenarios import Answer, Asked, Scenario


class OpenAIShape:
    route = "/v1/chat/completions"
    base = "/v1"
    keep_alive = b": keep-alive\n\n"

    def model(self, path: dict[str, str], body: dict[str, Any]) -> str:
        return str(body["model"])

    def refusal(self, headers: dict[str, str], body: dict[str, Any]) -> str | None:
        return None

    def asked(self, query: str, body: dict[str, Any]) -> Asked:
        return Asked(body["messages"], body.get("max_tokens"), bool(body.get("stream")))

    def error(self, status: int, message: str) -> Any:
        return {"error": {"message": message, "type": "server_error", "code": status}}

    def error_event(self, error: Any) -> bytes:
        return _event(error)

    def opening(self, scenario: Scenario, model: str, answer: Answer) -> bytes:
        return _event(_chunk(model, {"role": "assistant", "content": None}))

    def piece(self, scenario: Scenario, model: str, answer: Answer, position: int) -> bytes:
        kind, text = answer.pieces[position]
        return _event(_chunk(model, {"content" if kind == "text" else scenario.reasoning_field: text}))

    def closing(self, scenario: Scenario, model: str, answer: Answer) -> bytes:
        events = [_event(_chunk(model, {}, answer.finish))] if answer.finish is not None else []
        if scenario.usage:
            events.append(_event(_chunk(model, {}) | {"choices": [], "usage": _usage(answer)}))
        if scenario.done:
            events.append(b"data: [DONE]\n\n")
        return b"".join(events)

    def document(self, scenario: Scenario, model: str, answer: Answer) -> Any:
        text = "".join(text for kind, text in answer.pieces if kind == "text")
        reasoning = "".join(text for kind, text in answer.pieces if kind == "reasoning")
        message = {"role": "assistant", "content": text, scenario.reasoning_field: reasoning or None}
        return _chunk(model, {}) | {
            "object": "chat.completion",
            "choices": [{"index": 0, "message": message, "finish_reason": answer.finish}],
            "usage": _usage(answer) if scenario.usage else None,
        }


def _chunk(model: str, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    """Like OpenAI's, with an id and a fingerprint that give the model away."""
    return {
        "id": f"chatcmpl-{model}-0001",
        "object": "chat.completion.chunk",
        "created": 1_750_000_000,
        "model": model,
        "system_fingerprint": f"fp_{model}",
        "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}],
    }


def _usage(answer: Answer) -> dict[str, Any]:
    return {
        "prompt_tokens": answer.sent,
        "completion_tokens": len(answer.pieces),
        "total_tokens": answer.sent + len(answer.pieces),
        "completion_tokens_details": {"reasoning_tokens": answer.thought},
    }


def _event(content: Any) -> bytes:
    return b"data: " + json.dumps(content, ensure_ascii=False).encode() + b"\n\n"
