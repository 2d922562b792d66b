"""Who met whom, and what was said: the columns in which the public sets carry a vote.

| set | contestants | outcome |
|---|---|---|
| most arenas | `model_a`, `model_b` | `winner`: a word |
| the 55k set | `model_a`, `model_b` | `winner_model_a`, `winner_model_b`, `winner_tie`: one of them is 1 |
| crowd comparisons | `left`, `right` | `winner`: `left`, `right`, `tie` |
| compar:IA | `model_a_name`, `model_b_name` | `chosen_model_name`, `both_equal` |
| code completions | `model_a`, `model_b`, or the two `completionItems` | `acceptedIndex`: 0 or 1 |
"""

from typing import NamedTuple

from evenhand.ranking.cells import OUTCOMES
from evenhand.ranking.errors import RankingError
from evenhand.ranking.tables import Table, literal

SPELLINGS = {
    "a": ("model_a", "a", "left", "a_win"),
    "b": ("model_b", "b", "right", "b_win"),
    "tie": ("tie",),
    "both_bad": ("both_bad", "tie (bothbad)"),
}
"""How the sets spell each outcome, in lower case."""

SIDES = (
    (("model_a",), ("model_b",)),
    (("left",), ("right",)),
    (("model_a_name",), ("model_b_name",)),
    (("completionItems", 0, "model"), ("completionItems", 1, "model")),
)
"""Where the sets carry the two contestants, in order of preference."""

FLAGS = ("winner_model_a", "winner_model_b", "winner_tie")


class Ballot(NamedTuple):
    """SQL for a vote. `outcome` is an index into `OUTCOMES`, or null for what `said` says and nobody knows.

    `names` are the columns of a, b and what was said, for messages; `by_word`: whether `said` is a word that
    tells the outcome by itself (`outcome_of`).
    """

    a: str
    b: str
    said: str
    outcome: str
    names: tuple[str, str, str]
    by_word: bool = False


def ballot_of(table: Table) -> Ballot:
    """Find the columns. Raises `RankingError` where one is missing."""
    for path_a, path_b in SIDES:
        a, b = _contestant(table, path_a), _contestant(table, path_b)
        if a is not None and b is not None:
            said, outcome, name = _outcome(table, a, b)
            names = (str(path_a[0]), str(path_b[0]), name)
            return Ballot(a, b, said, outcome, names, by_word=name == "winner")
    raise _missing(table, "model_b" if "model_a" in table.columns else "model_a")


def _contestant(table: Table, path: tuple[str | int, ...]) -> str | None:
    name = str(path[0])
    if len(path) == 1:
        return table.text(name)
    column = table.columns.get(name)
    if column is None:
        return None
    if column.type.id == "list":
        return f"{column.sql}[{int(path[1]) + 1}].{path[2]}"
    return f"json_extract_string({column.sql}, '$[{path[1]}].{path[2]}')"


def _outcome(table: Table, a: str, b: str) -> tuple[str, str, str]:
    """Return the SQL for what was said and for its index, and the column's name."""
    winner = table.text("winner")
    if winner is not None:
        return winner, outcome_of(winner), "winner"
    flags = [table.number(name) for name in FLAGS]
    if all(flags):
        said = " || ', ' || ".join(f"'{name}=' || coalesce({table.text(name)}, '')" for name in FLAGS)
        cases = " ".join(
            f"WHEN {flags[i]} = 1 AND {' AND '.join(f'{other} = 0' for other in flags if other != flags[i])} "
            f"THEN {i}"
            for i in range(3)
        )
        return said, f"CASE {cases} END", FLAGS[0]
    chosen = table.text("chosen_model_name")
    if chosen is not None:
        equal = table.truth("both_equal") or "false"
        said = f"CASE WHEN {equal} THEN 'both_equal' ELSE coalesce({chosen}, '') END"
        cases = f"WHEN {equal} THEN 2 WHEN {chosen} = {a} THEN 0 WHEN {chosen} = {b} THEN 1"
        return said, f"CASE {cases} END", "chosen_model_name"
    accepted = table.text("acceptedIndex")
    if accepted is not None:
        return accepted, f"CASE {accepted} WHEN '0' THEN 0 WHEN '1' THEN 1 END", "acceptedIndex"
    raise _missing(table, "winner")


def outcome_of(word: str) -> str:
    """Return the SQL for the outcome that a word means, null for none; `word` is SQL, too."""
    cases = " ".join(
        f"WHEN {literal(spelling)} THEN {number}"
        for number, outcome in enumerate(OUTCOMES)
        for spelling in SPELLINGS[outcome]
    )
    return f"CASE lower(trim({word})) {cases} END"


def _missing(table: Table, name: str) -> RankingError:
    has = ", ".join(column for column in [*table.columns][:20] if column != "file_row_number")
    return RankingError(f"{table.label}: has no column {name!r}; its columns are: {has}.")
