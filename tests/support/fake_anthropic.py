"""Anthropic's Messages API, as its server writes it."""

import json
from typing import Any

from tests.support.fake_scenarios import Answer, Asked, Scenario

_FIELDS = {
    "model",
    "max_tokens",
    "messages",
    "stream",
    "system",
    "temperature",
    "top_p",
    "thinking",
    "output_config",
}
_TYPES = {400: "invalid_request_error", 401: "authentication_error", 429: "rate_limit_error"}
_TYPES |= {500: "api_error", 503: "overloaded_error", 529: "overloaded_error"}
_REASONS = {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal"}


class AnthropicShape:
    route = "/v1/messages"
    base = "/v1"

    @property
    def keep_alive(self) -> bytes:
        return _event("ping")

    def model(self, path: dict[str, str], body: dict[str, Any]) -> str:
        return str(body["model"])

    def refusal(self, headers: dict[str, str], body: dict[str, Any]) -> str | None:
        """What the real server would not take."""
        if "anthropic-version" not in headers:
            return "anthropic-version: header is required"
        if unknown := set(body) - _FIELDS:
            return f"{unknown.pop()}: Extra inputs are not permitted"
        if "max_tokens" not in body:
            return "max_tokens: Field required"
        for position, message in enumerate(body["messages"]):
            if message["role"] not in {"user", "assistant"}:
                return f"messages.{position}.role: Input should be 'user' or 'assistant'"
            if not message["content"].strip():
                return "messages: text content blocks must contain non-whitespace text"
        return None

    def asked(self, query: str, body: dict[str, Any]) -> Asked:
        return Asked(body["messages"], body["max_tokens"], bool(body.get("stream")))

    def error(self, status: int, message: str) -> Any:
        kind = _TYPES.get(status, "api_error")
        return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_0001"}

    def error_event(self, error: Any) -> bytes:
        return b"event: error\ndata: " + json.dumps(error).encode() + b"\n\n"

    def opening(self, scenario: Scenario, model: str, answer: Answer) -> bytes:
        message = _message(model) | {"content": [], "stop_reason": None}
        if scenario.usage:
            message["usage"] = {"input_tokens": answer.sent, "output_tokens": 1}
        return _event("message_start", message=message) + _event("ping")

    def piece(self, scenario: Scenario, model: str, answer: Answer, position: int) -> bytes:
        kind, text = answer.pieces[position]
        before = answer.pieces[position - 1][0] if position else None
        index = int(kind == "text" and answer.thought > 0)
        delta = (
            {"type": "text_delta", "text": text}
            if kind == "text"
            else {"type": "thinking_delta", "thinking": text}
        )
        events = b"" if before == kind else _stop(before, index - 1) + _start(kind, index)
        return events + _event("content_block_delta", index=index, delta=delta)

    def closing(self, scenario: Scenario, model: str, answer: Answer) -> bytes:
        last = answer.pieces[-1][0] if answer.pieces else None
        events = _stop(last, int(last == "text" and answer.thought > 0))
        if answer.finish is not None:
            delta = {"stop_reason": _REASONS.get(answer.finish, answer.finish), "stop_sequence": None}
            usage = {"usage": _usage(answer)} if scenario.usage else {}
            events += _event("message_delta", delta=delta, **usage)
        return events + (_event("message_stop") if scenario.done else b"")

    def document(self, scenario: Scenario, model: str, answer: Answer) -> Any:
        text = "".join(text for kind, text in answer.pieces if kind == "text")
        thinking = "".join(text for kind, text in answer.pieces if kind == "reasoning")
        blocks = [{"type": "thinking", "thinking": thinking, "signature": "EqQBCg"}] if thinking else []
        reason = _REASONS.get(answer.finish, answer.finish) if answer.finish is not None else None
        return _message(model) | {
            "content": [*blocks, {"type": "text", "text": text}],
            "stop_reason": reason,
            "usage": {"input_tokens": answer.sent} | _usage(answer) if scenario.usage else None,
        }


def _message(model: str) -> dict[str, Any]:
    """With an id that gives the model away."""
    return {"id": f"msg_{model}_0001", "type": "message", "role": "assistant", "model": model}


def _start(kind: str, index: int) -> bytes:
    block = {"type": "text", "text": ""} if kind == "text" else {"type": "thinking", "thinking": ""}
    return _event("content_block_start", index=index, content_block=block)


def _stop(kind: str | None, index: int) -> bytes:
    if kind is None:
        return b""
    signature = {"type": "signature_delta", "signature": "EqQBCgIYAhIM1gbcDa9GJwZA2b3h"}
    signed = _event("content_block_delta", index=index, delta=signature) if kind == "reasoning" else b""
    return signed + _event("content_block_stop", index=index)


def _usage(answer: Answer) -> dict[str, Any]:
    return {
        "output_tokens": len(answer.pieces),
        "output_tokens_details": {"thinking_tokens": answer.thought},
    }


def _event(name: str, **fields: Any) -> bytes:
    data = json.dumps({"type": name} | fields, ensure_ascii=False)
    return f"event: {name}\ndata: {data}\n\n".encode()
