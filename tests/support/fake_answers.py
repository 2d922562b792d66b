"""Plausible answers in Markdown, the same for the same model and question."""

import random
import re

_ENGLISH = [
    "It depends on how often the data changes.",
    "Most people start with the simplest thing that works.",
    "The cost grows with the square of the input, which matters sooner than one expects.",
    "A small test settles this faster than an argument.",
    "Both ways are sound; the second one is easier to read.",
    "Measure before you change anything.",
]
_CHINESE = [
    "这取决于数据变化的频率。",
    "大多数人会从最简单可行的办法开始。",
    "成本随输入的平方增长，这比想象中更快显现。",
    "做一个小实验比争论更快得出结论。",
    "两种方式都可行，第二种更容易阅读。",
    "先测量，再改动。",
]
_ENGLISH_FORM = """## {title}

{0} {1}

1. **First**, {2}
2. **Then**, {3}

- `n = {n}` is a good size to start with
- a larger one takes longer

```python
def halve(numbers: list[int]) -> list[int]:
    return numbers[: len(numbers) // 2]
```

The sum is $\\sum_{{i=1}}^{{n}} i = \\frac{{n(n+1)}}{{2}}$, so for {n}:

\\[ \\frac{{{n} \\cdot ({n}+1)}}{{2}} = {total} \\]

| size | time |
|-----:|-----:|
| {n} | 1 s |
| {twice} | 4 s |

{4}
"""
_CHINESE_FORM = """## {title}

{0}{1}

1. **首先**，{2}
2. **然后**，{3}

- 从 `n = {n}` 开始比较合适

```python
print(sum(range({n} + 1)))
```

求和公式为 $\\sum_{{i=1}}^{{n}} i = \\frac{{n(n+1)}}{{2}}$，结果是 {total}。

| 规模 | 时间 |
|-----:|-----:|
| {n} | 1 秒 |
| {twice} | 4 秒 |

{4}
"""
_TOKEN = re.compile(r"\s*[\u3000-\u9fff\uff00-\uffef]{1,2}|\s*[^\s\u3000-\u9fff\uff00-\uffef]{1,12}|\s+")


def answer_to(model: str, question: str) -> str:
    """An answer with a header, lists, code, LaTeX and a table; in Chinese if the question is."""
    dice = random.Random(f"{model}\n{question}")
    chinese = re.search(r"[\u4e00-\u9fff]", question) is not None
    sentences = dice.sample(_CHINESE if chinese else _ENGLISH, 5)
    n = dice.randrange(10, 1000)
    title = "简短的回答" if chinese else "A short answer"
    form = _CHINESE_FORM if chinese else _ENGLISH_FORM
    return form.format(*sentences, title=title, n=n, twice=2 * n, total=n * (n + 1) // 2)


def pieces(text: str) -> list[str]:
    """The text in pieces about as large as tokens."""
    return _TOKEN.findall(text)
