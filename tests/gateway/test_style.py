import pytest

from evenhand.gateway.style import measure
from evenhand.gateway.tokens import count

ANSWER = """# Title
## Part ##
####### not a header
#hashtag
 ###### Deep

**Bold** and **more bold**, __also__ and ** not bold**

- one
* two
  + three
1. first
2) second
3.no space
1000. year

```python
# comment
- not a list
**kwargs, __init__
```
"""


def test_the_features_are_those_of_public_vote_tables() -> None:
    assert measure(ANSWER).to_dict() == {
        "tokens": count(ANSWER),
        "tokenizer": "o200k_base",
        "header_count": {"h1": 1, "h2": 1, "h3": 0, "h4": 0, "h5": 0, "h6": 1},
        "list_count": {"ordered": 3, "unordered": 3},
        "bold_count": {"**": 3, "__": 1},
    }


@pytest.mark.parametrize(
    "code",
    [
        "```\n# x\n```",
        "~~~\n# x\n```\n# y\n~~~",
        "````\n```\n# x\n```\n````",
        "1) a\n   ```sh\n   # x\n   ```",
        "```\n# x",
        "```\r\n# x\r\n```\r\n",
    ],
)
def test_code_is_not_formatting(code: str) -> None:
    assert measure(code).headers == (0, 0, 0, 0, 0, 0)


def test_what_follows_a_code_block_counts_again() -> None:
    assert measure("```\n# x\n```\n# y").headers[0] == 1


def test_backticks_within_a_line_open_no_block() -> None:
    assert measure("```code``` in a line\n# x").headers[0] == 1


@pytest.mark.parametrize(
    "hostile",
    ["**" * 100_000, "__a" * 100_000, " " * 300_000, "\n" * 300_000, "#" * 300_000, "```\n" * 100_000],
)
def test_hostile_text_is_measured(hostile: str) -> None:
    assert measure(hostile).tokens == count(hostile)
