from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.gateway.sse import SseError, SseParser


def parse(*pieces: bytes, limit: int = 1 << 20) -> list[tuple[bytes, bytes]]:
    parser = SseParser(limit)
    return [event for piece in pieces for event in parser.feed(piece)] + parser.close()


def cut(body: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(body) + 1) for place in places), len(body)]
    return [body[start:end] for start, end in pairwise(edges)]


lines = st.sampled_from(
    [
        *(b"data: 1", b"data:2", b"data", b"data: ", b"data:  x", "data: 你好 😀".encode(), b"data: [DONE]"),
        *(
            b"",
            b"",
            b":",
            b": ping",
            b"event: error",
            b"event",
            b"id: 7",
            b"retry: 10",
            b"nonsense",
            b" data: y",
        ),
    ]
)
bodies = st.lists(st.tuples(lines, st.sampled_from([b"\n", b"\r", b"\r\n"]))).map(
    lambda pairs: b"".join(line + end for line, end in pairs)
)


@given(bodies, st.lists(st.integers(0, 1 << 16)), st.booleans())
def test_however_the_bytes_are_cut_the_events_are_the_same(body: bytes, places: list[int], bom: bool) -> None:
    if bom:
        body = b"\xef\xbb\xbf" + body
    whole = parse(body)
    assert parse(*cut(body, places)) == whole
    assert parse(*(body[i : i + 1] for i in range(len(body)))) == whole


@given(st.binary(max_size=300), st.lists(st.integers(0, 300)))
def test_any_bytes_at_all_do_no_harm(body: bytes, places: list[int]) -> None:
    assert parse(*cut(body, places)) == parse(body)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_every_line_end_of_the_standard_is_known(end: bytes) -> None:
    assert parse(b"data: a" + end + b"data: b" + end + end + b"data: c" + end + end) == [
        (b"", b"a\nb"),
        (b"", b"c"),
    ]


def test_a_byte_order_mark_at_the_start_is_no_part_of_the_line() -> None:
    assert parse(b"\xef", b"\xbb\xbfdata: a\n\n") == [(b"", b"a")]
    assert parse(b"data: \xef\xbb\xbf\n\n") == [(b"", b"\xef\xbb\xbf")]


def test_an_event_is_given_as_soon_as_its_line_ends_by_cr() -> None:
    parser = SseParser()
    assert parser.feed(b"data: a\r\r") == [(b"", b"a")]
    assert parser.feed(b"\ndata: b\r\n\r") == [(b"", b"b")]


def test_a_name_belongs_to_one_event_alone() -> None:
    assert parse(b"event: error\ndata: a\n\ndata: b\n\n") == [(b"error", b"a"), (b"", b"b")]


def test_comments_and_empty_events_give_nothing() -> None:
    assert parse(b": ping\n\n:\n\nevent: x\n\ndata\n\ndata: \n\nid: 1\n\n") == []


def test_a_line_without_end_is_refused() -> None:
    parser = SseParser(limit=1000)
    for _ in range(1000):
        parser.feed(b"x")
    with pytest.raises(SseError):
        parser.feed(b"x")


@pytest.mark.parametrize("body", [b"data: " + b"x" * 1001 + b"\n", b"data: xxx\n" * 400])
def test_an_event_without_end_is_refused(body: bytes) -> None:
    with pytest.raises(SseError):
        parse(body, limit=1000)


def test_an_event_of_just_the_limit_is_taken() -> None:
    assert parse(b"data: " + b"x" * 1000 + b"\n\n", limit=1010) == [(b"", b"x" * 1000)]
