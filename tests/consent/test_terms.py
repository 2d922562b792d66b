"""The terms: a file with a version; what a version says stays."""

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from evenhand.app.application import Parts, create_app
from evenhand.app.entering import enter_terms
from evenhand.consent.terms import Terms, load_terms
from evenhand.core.clock import now
from evenhand.core.errors import StartError
from evenhand.core.settings import Settings
from evenhand.storage.engine import Database
from tests.support.arena import running_arena

OWN = load_terms().model_dump(mode="json")


def written(folder: Path, document: object) -> Path:
    path = folder / "terms.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return path


def test_both_languages_say_as_much() -> None:
    terms = load_terms()
    assert len(terms.en.sections) == len(terms.zh.sections) >= 5


async def test_an_operators_terms_take_the_place_of_ours(database_url: str, tmp_path: Path) -> None:
    path = written(tmp_path, OWN | {"version": "acme-1", "en": OWN["en"] | {"short": "Be kind."}})
    settings = {"operator_name": "Acme", "operator_contact": "privacy@acme.example"}
    async with running_arena(database_url, terms=path, **settings) as arena:
        voter = arena.voter()
        shown = (await voter.call("GET", "/instance")).body["terms"]
        assert shown == {"version": "acme-1", "short": {"en": "Be kind.", "zh": OWN["zh"]["short"]}}
        whole = (await voter.call("GET", "/terms")).body
        assert whole["terms"]["en"]["short"] == "Be kind."
        assert whole["operator"] == {"name": "Acme", "contact": "privacy@acme.example"}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (OWN | {"version": ""}, "version must not be empty"),
        (OWN | {"version": 3}, "version must be text"),
        ({name: OWN[name] for name in ("version", "en")}, "zh is missing"),
        (OWN | {"de": OWN["en"]}, "de is not known here"),
        (OWN | {"en": OWN["en"] | {"sections": []}}, "en.sections must not be empty"),
        (["no", "mapping"], "the file must be"),
    ],
)
def test_a_file_with_a_mistake_is_refused_in_a_sentence(tmp_path: Path, document: object, said: str) -> None:
    with pytest.raises(StartError, match=r"^EVENHAND_TERMS: .+\.$") as refused:
        create_app(Settings(terms=written(tmp_path, document)), "postgresql://", Parts())
    assert said in str(refused.value)


@pytest.mark.parametrize("contact", ["javascript://alert(1)", "the office", "mailto:a@b.example"])
def test_a_contact_is_an_address_that_one_can_open(contact: str) -> None:
    with pytest.raises(ValidationError):
        Settings(operator_contact=contact)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"nowhere\.yaml cannot be read \(No such file"):
        load_terms(tmp_path / "nowhere.yaml")
    (tmp_path / "odd.yaml").write_text("version: [")
    with pytest.raises(StartError, match=r"odd\.yaml is no YAML, line 1\."):
        load_terms(tmp_path / "odd.yaml")


async def test_a_text_that_changed_is_refused_until_it_has_another_version(database_url: str) -> None:
    ours = load_terms()
    changed = ours.model_copy(update={"en": ours.en.model_copy(update={"short": "Everything is sold."})})
    database = Database(database_url)
    try:
        await enter_terms(database, ours, now())
        await enter_terms(database, ours, now())
        with pytest.raises(StartError, match="give the new text another version"):
            await enter_terms(database, changed, now())
        await enter_terms(database, Terms.model_validate(changed.model_dump() | {"version": "2"}), now())
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("is kept here", "may be published later", "opt out: in a", "What you delete is erased")),
        (
            "zh",
            ("保存在本站", "日后可能不署名公开", "菜单里或通过下面的链接选择不参与", "你删除的内容会被清除"),
        ),
    ],
)
def test_the_short_text_says_what_is_kept_and_published_and_what_one_can_do(
    language: str, words: tuple[str, ...]
) -> None:
    short = getattr(load_terms(), language).short
    assert [word for word in words if word not in short] == []
