import pytest

from evenhand.gateway import Delta
from evenhand.gateway.thinking import ThinkSplitter


def split(*pieces: str) -> dict[str, str]:
    splitter = ThinkSplitter()
    deltas: list[Delta] = []
    for piece in pieces:
        deltas += splitter.feed(piece)
    deltas += splitter.end()
    assert all(delta.text for delta in deltas)
    return {
        kind: "".join(delta.text for delta in deltas if delta.kind == kind) for kind in ("reasoning", "text")
    }


@pytest.mark.parametrize(
    ("answer", "reasoning", "text"),
    [
        ("<think>a < b</think>c", "a < b", "c"),
        ("\n <think>\na\n</think>\n\nc", "a\n", "c"),
        ("<think>\n\n</think>\n\nc", "", "c"),
        ("<think>a</think>b</think>c", "a", "b</think>c"),
        ("<think>never closed", "never closed", ""),
        ("<think>almost closed</thin", "almost closed</thin", ""),
        ("The tag <think> is how models think.", "", "The tag <think> is how models think."),
        ("<thin air>", "", "<thin air>"),
        ("<think", "", "<think"),
        ("    indented code", "", "    indented code"),
        ("", "", ""),
    ],
)
def test_thinking_at_the_start_is_told_from_the_answer(answer: str, reasoning: str, text: str) -> None:
    expected = {"reasoning": reasoning, "text": text}
    assert split(answer) == expected
    assert split(*answer) == expected


def test_much_white_space_is_not_held_for_ever() -> None:
    splitter = ThinkSplitter()
    given = [delta for _ in range(300) for delta in splitter.feed("\n")]
    assert given
    assert splitter.plain


def test_what_cannot_become_a_tag_is_shown_at_once() -> None:
    splitter = ThinkSplitter()
    assert splitter.feed("<think>a") == [Delta("reasoning", "a")]
    assert splitter.feed(" <b") == [Delta("reasoning", " <b")]
