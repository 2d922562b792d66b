import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.gateway import Delta, Usage
from evenhand.gateway.faults import Fault
from evenhand.gateway.kinds.openai_chunks import ChunkDecoder
from evenhand.gateway.sse import SseParser


def decode(*events: str | bytes) -> list[Delta]:
    decoder = ChunkDecoder()
    deltas = []
    for event in events:
        deltas += decoder.feed(b"", event.encode() if isinstance(event, str) else event)
    return deltas + decoder.end()


def content(text: str) -> str:
    return json.dumps({"choices": [{"delta": {"content": text}}]})


def merged(deltas: list[Delta]) -> list[tuple[str, str]]:
    """The text by kind, in order, however it was cut."""
    result: list[tuple[str, str]] = []
    for delta in deltas:
        if result and result[-1][0] == delta.kind:
            result[-1] = (delta.kind, result[-1][1] + delta.text)
        else:
            result.append((delta.kind, delta.text))
    return result


def test_null_and_empty_content_give_nothing() -> None:
    assert decode('{"choices":[{"delta":{"role":"assistant","content":null}}]}', content("")) == []
    assert decode(content("a"), content(""), content("\0")) == [Delta("text", "a")]


def test_missing_and_null_fields_are_no_fault() -> None:
    assert decode("{}", '{"choices":null,"usage":null,"error":null}', '{"choices":[{"delta":null}]}') == []


def test_tool_calls_and_unknown_fields_are_ignored() -> None:
    chunk = '{"x":[1],"choices":[{"index":null,"delta":{"content":"a","tool_calls":[{"id":"t"}]},"y":{}}]}'
    assert decode(chunk) == [Delta("text", "a")]


def test_a_refusal_in_words_is_an_answer() -> None:
    assert decode('{"choices":[{"delta":{"content":null,"refusal":"No."}}]}') == [Delta("text", "No.")]


def test_content_in_parts_is_told_apart() -> None:
    thinking = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
        {"type": "text", "text": "4"},
        7,
    ]
    chunk = json.dumps({"choices": [{"delta": {"content": thinking}}]})
    assert decode(chunk) == [Delta("reasoning", "hm"), Delta("text", "4")]


def test_the_last_usage_counts_and_may_come_without_choices() -> None:
    decoder = ChunkDecoder()
    decoder.feed(b"", b'{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}')
    assert decoder.usage == Usage(3, 1, None)
    last = {"prompt_tokens": 3, "completion_tokens": 9, "completion_tokens_details": {"reasoning_tokens": 4}}
    decoder.feed(b"", json.dumps({"usage": last}).encode())
    assert decoder.usage == Usage(3, 9, 4)


@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        ("stop", "stop"),
        ("length", "length"),
        ("max_tokens", "length"),
        ("tool_calls", "stop"),
        ("eos", "stop"),
    ],
)
def test_finish_reasons_become_two(reason: str, finish: str) -> None:
    decoder = ChunkDecoder()
    decoder.feed(b"", json.dumps({"choices": [{"delta": {}, "finish_reason": reason}]}).encode())
    assert decoder.finished
    assert decoder.finish().reason == finish


def test_an_empty_finish_reason_is_none() -> None:
    decoder = ChunkDecoder()
    decoder.feed(b"", b'{"choices":[{"delta":{},"finish_reason":""}]}')
    assert not decoder.finished


@pytest.mark.parametrize(
    ("chunk", "text"),
    [
        (b'{"choices":[{"delta":{"content":"a\\u0000b"}}]}', "ab"),
        (b'{"choices":[{"delta":{"content":"a\\ud83dx"}}]}', "a\ufffdx"),
        (b'{"choices":[{"delta":{"content":"a\xffb"}}]}', "a\ufffdb"),
        (b'{"choices":[{"delta":{"content":"a\tb"}}]}', "a\tb"),
        (b'{"choices":[{"delta":{"content":"a"},"logprobs":{"logprob":-Infinity}}]}', "a"),
    ],
)
def test_characters_that_do_harm_are_replaced_and_the_rest_is_kept(chunk: bytes, text: str) -> None:
    assert decode(chunk) == [Delta("text", text)]


def test_an_emoji_cut_into_surrogates_is_put_together() -> None:
    assert merged(decode(content("a\ud83d"), content("\ude00b"))) == [("text", "a😀b")]
    assert merged(decode(content("a\ud83d"))) == [("text", "a\ufffd")]


def test_a_chunk_of_nul_alone_gives_nothing() -> None:
    assert decode(content("\0")) == []


@pytest.mark.parametrize(
    "chunk", ["{", "[1", '"', "7", "null", '{"choices":[7]}', '{"choices":[{"delta":{"content":7}}]}']
)
def test_what_is_no_chunk_is_a_fault(chunk: str) -> None:
    with pytest.raises(Fault) as caught:
        decode(chunk)
    assert caught.value.code == "failed"


answers = st.lists(
    st.sampled_from(["<", "<think>", "</think>", "think>", "\n", " ", "a", "你", "😀", "</"])
).map("".join)


@given(answers, st.lists(st.integers(0, 200)), st.lists(st.integers(0, 5000)))
def test_an_answer_is_the_same_however_it_is_cut(text: str, pieces: list[int], reads: list[int]) -> None:
    edges = [0, *sorted(place % (len(text) + 1) for place in pieces), len(text)]
    chunks = [content(text[start:end]) for start, end in pairwise(edges)]
    body = "".join(f"data: {chunk}\r\n\r\n" for chunk in chunks).encode()
    cuts = [0, *sorted(place % (len(body) + 1) for place in reads), len(body)]
    decoder, parser = ChunkDecoder(), SseParser()
    deltas = []
    for start, end in pairwise(cuts):
        for name, data in parser.feed(body[start:end]):
            deltas += decoder.feed(name, data)
    assert merged(deltas + decoder.end()) == merged(decode(content(text)))
    assert all(delta.text for delta in deltas)
