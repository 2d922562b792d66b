from pathlib import Path

import pytest

from evenhand.contestants.catalogue import CatalogueEntry, load_catalogue
from evenhand.contestants.catalogue_edit import append_entry
from evenhand.contestants.configurations import Endpoint
from evenhand.core.errors import InputError

ENTRY = CatalogueEntry(
    slug="new-1", name="新", endpoint=Endpoint(kind="openai", base_url="http://127.0.0.1:9/v1", model="new")
)
OLD = '{slug: old, name: Old, endpoint: {kind: openai, base_url: "http://127.0.0.1:8/v1", model: old}}'


def slugs(file: Path) -> list[str]:
    return [entry.slug for entry in load_catalogue(file).contestants]


def test_the_first_entry_makes_the_file(tmp_path: Path) -> None:
    file = tmp_path / "sub" / "catalogue.yaml"
    append_entry(file, ENTRY)
    assert load_catalogue(file).contestants == (ENTRY,)


@pytest.mark.parametrize(
    "text",
    [
        f"# ours\ncontestants:\n  - {OLD}  # the old one\n# the end\ndiscover: true\n",
        f"contestants:\n- {OLD}",
        f"discover: false\ncontestants:\n    - {OLD}\n\n\n",
    ],
)
def test_what_stood_there_stays_comments_and_all(tmp_path: Path, text: str) -> None:
    file = tmp_path / "catalogue.yaml"
    file.write_text(text, "utf-8")
    append_entry(file, ENTRY)
    assert slugs(file) == ["old", "new-1"]
    added = [line for line in file.read_text("utf-8").splitlines() if line not in text.splitlines()]
    assert [line.strip() for line in added][:2] == ["- slug: new-1", "name: 新"]
    assert all(line in file.read_text("utf-8").splitlines() for line in text.splitlines())


def test_a_name_over_several_lines_before_it_is_not_torn(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.yaml"
    endpoint = "{kind: openai, base_url: http://127.0.0.1:8/v1, model: old}"
    file.write_text(
        f"contestants:\n- slug: old\n  endpoint: {endpoint}\n  name: >\n    two\n    lines\n\n# end\n"
    )
    append_entry(file, ENTRY)
    assert slugs(file) == ["old", "new-1"]
    assert load_catalogue(file).contestants[0].name == "two lines\n"


@pytest.mark.parametrize("text", ["contestants: []\n", "contestants: []  # none\ndiscover: true\n"])
def test_an_empty_list_can_be_added_to(tmp_path: Path, text: str) -> None:
    file = tmp_path / "catalogue.yaml"
    file.write_text(text)
    append_entry(file, ENTRY)
    assert slugs(file) == ["new-1"]


def test_a_list_in_brackets_is_left_alone_and_said_so(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.yaml"
    file.write_text(f"contestants: [{OLD}]\n")
    with pytest.raises(InputError, match="add the entry by hand"):
        append_entry(file, ENTRY)
    assert slugs(file) == ["old"]


def test_a_slug_that_is_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.yaml"
    append_entry(file, ENTRY)
    before = file.read_bytes()
    with pytest.raises(InputError, match='"new-1" is there already'):
        append_entry(file, ENTRY)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["catalogue.yaml"]
