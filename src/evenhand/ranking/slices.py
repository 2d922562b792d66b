"""The slices of an arena's votes that have boards of their own: kinds of prompt, languages, professions."""

from collections.abc import Callable
from typing import NamedTuple

from evenhand.ranking.errors import RankingError
from evenhand.ranking.tables import Table, literal

OVERALL = "overall"
EXCLUDE_TIES = "exclude_ties"
"""The one slice that the outcome tells of, and no column."""

CRITERIA = (
    "complexity",
    "creativity",
    "domain_knowledge",
    "problem_solving",
    "real_world",
    "specificity",
    "technical_accuracy",
)
"""What makes a prompt hard; six of these do."""

LANGUAGES = {
    "english": "en",
    "chinese": "zh",
    "french": "fr",
    "german": "de",
    "spanish": "es",
    "russian": "ru",
    "japanese": "ja",
    "korean": "ko",
}

OCCUPATIONS = {
    "software_and_it": "software_and_it_services",
    "writing_and_literature": "writing_and_literature_and_language",
    "science": "life_and_physical_and_social_science",
    "entertainment_and_media": "entertainment_and_sports_and_media",
    "business_and_finance": "business_and_management_and_financial_operations",
    "mathematical": "mathematical",
    "legal_and_government": "legal_and_government",
    "medicine_and_healthcare": "medicine_and_healthcare",
}
"""The boards of professions, and the fields of `occupational_tags` that they are of."""

_Condition = Callable[[Table], str | None]


def _truth(*path: str) -> _Condition:
    return lambda table: table.truth(*path)


def _at_least(least: float, *path: str) -> _Condition:
    def condition(table: Table) -> str | None:
        number = table.number(*path)
        return None if number is None else f"coalesce({number} >= {least}, false)"

    return condition


def _hard(table: Table) -> str | None:
    tags = [table.truth("category_tag", "criteria_v0.1", one) for one in CRITERIA]
    if None in tags:
        return None
    # As FLOAT: of a sum of whole numbers it is looked at in every row whether it overflows.
    return "(" + " + ".join(f"({tag})::FLOAT" for tag in tags) + ") >= 6"


def _all(*conditions: _Condition) -> _Condition:
    def condition(table: Table) -> str | None:
        found = [one(table) for one in conditions]
        return None if None in found else " AND ".join(f"({one})" for one in found)

    return condition


def _any(*conditions: _Condition) -> _Condition:
    def condition(table: Table) -> str | None:
        found = [one(table) for one in conditions]
        return None if None in found else " OR ".join(f"({one})" for one in found)

    return condition


def _not(condition: _Condition) -> _Condition:
    def negated(table: Table) -> str | None:
        found = condition(table)
        return None if found is None else f"NOT ({found})"

    return negated


def _language(table: Table) -> str | None:
    """The SQL for the number of the language among `LANGUAGES`; 255 for any other."""
    language = table.text("language")
    if language is None:
        return None
    words = ", ".join(literal(word) for pair in LANGUAGES.items() for word in pair)
    # As a number once for all languages: text would be compared for each of them, in every row.
    code = f"enum_code(try_cast(lower({language}) AS ENUM({words})))"
    return f"coalesce({code} // 2, 255)::UTINYINT"


_CREATIVE = _truth("category_tag", "creative_writing_v0.1", "creative_writing")

SLICES: dict[str, _Condition] = {
    "hard_prompts": _hard,
    "expert": _truth("category_tag", "expert_v0.1", "expert"),
    "coding": _truth("is_code"),
    "math": _truth("category_tag", "math_v0.1", "math"),
    "creative_writing": _CREATIVE,
    "instruction_following": _all(
        _truth("category_tag", "if_v0.1", "if"), _at_least(4, "category_tag", "if_v0.1", "score")
    ),
    "multi_turn": _at_least(2, "turn"),
    "longer_query": _at_least(500, "conv_metadata", "sum_user_tokens"),
    "exclude_short": _at_least(5, "conv_metadata", "sum_user_tokens"),
    "exclude_refusal": _not(_truth("is_refusal")),
    **dict.fromkeys(LANGUAGES, _language),
    **{name: _truth("occupational_tags", field) for name, field in OCCUPATIONS.items()},
    "creative_marketing": _all(
        _CREATIVE,
        _any(
            _truth("occupational_tags", "business_and_management_and_financial_operations"),
            _truth("occupational_tags", "sales_and_retail"),
        ),
    ),
}
"""The slices but `overall` and `EXCLUDE_TIES`, and the SQL that tells whether a vote belongs to each."""

NAMES = (OVERALL, EXCLUDE_TIES, *SLICES)


class Condition(NamedTuple):
    """Whether a vote belongs to a slice: where `sql` is the number, or true if there is none."""

    sql: str
    number: int | None = None


def condition(table: Table, name: str) -> Condition | None:
    """Return what tells whether a vote belongs to a slice of `SLICES`; None where the table does not.

    Raises:
        RankingError: there is no such slice.
    """
    if name not in SLICES:
        raise RankingError(f"{name!r} is no slice; known are {', '.join(NAMES)}.")
    sql = SLICES[name](table)
    if sql is None:
        return None
    if name in LANGUAGES:
        return Condition(sql, [*LANGUAGES].index(name))
    return Condition(sql)
