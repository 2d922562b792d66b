"""What the log says of an error, and what it keeps to itself."""

from collections.abc import Iterator

import pytest
import structlog

from evenhand.app.logging import configure_logging


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def _answer(question: str) -> None:
    raise ValueError(f"cannot answer {question}")


def test_an_error_is_logged_with_its_place_and_without_what_people_wrote(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("info")
    try:
        _answer("-".join(["can", "ary"]))  # the line of code is in the log, its values are not
    except ValueError as error:
        structlog.get_logger().error("request_failed", exc_info=error)
    said = capsys.readouterr().err
    assert "request_failed" in said
    assert "ValueError" in said
    assert "in _answer" in said
    assert "can-ary" not in said
