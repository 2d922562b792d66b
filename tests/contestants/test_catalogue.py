from pathlib import Path

import pytest

from evenhand.contestants.catalogue import load_catalogue
from evenhand.core.errors import StartError

GOOD = """\
# Ours
contestants:
  - slug: swift-1
    name: Swift 1
    organization: Acme
    license: proprietary
    arenas: [text]
    endpoint: {kind: openai, base_url: "http://127.0.0.1:9001/v1", model: swift, api_key_env: ACME_API_KEY}
    price: {input: 0.5, output: 1.5}   # USD per million tokens
    context: 32768
  - slug: calm-2
    name: 静
    endpoint:
      kind: openai
      base_url: http://127.0.0.1:9002/v1
      model: calm
"""


def test_an_entry_is_read_with_all_its_fields(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.yaml"
    file.write_text(GOOD, "utf-8")
    swift, calm = load_catalogue(file).contestants
    assert (swift.slug, swift.name, swift.organization, swift.license) == (
        "swift-1",
        "Swift 1",
        "Acme",
        "proprietary",
    )
    assert swift.price is not None
    assert (swift.price.input, swift.price.output, swift.context) == (0.5, 1.5, 32768)
    assert swift.endpoint.api_key_env == "ACME_API_KEY"
    assert (calm.name, calm.arenas, calm.price, calm.context, calm.demo) == (
        "静",
        ("text",),
        None,
        None,
        False,
    )


def test_nothing_is_discovered_beside_a_catalogue_unless_it_says_so(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.yaml"
    file.write_text(GOOD, "utf-8")
    assert load_catalogue(file).discover is False
    file.write_text(GOOD + "discover: true\n", "utf-8")
    assert load_catalogue(file).discover is True


def test_a_catalogue_may_be_empty_but_must_say_so(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.yaml"
    file.write_text("contestants: []\n", "utf-8")
    assert load_catalogue(file).contestants == ()


MISTAKES = {
    "a price in words": (
        "input: 0.5",
        "input: cheap",
        'line 9, contestants[0].price.input: must be a number, not "cheap".',
    ),
    "a negative price": (
        "input: 0.5",
        "input: -1",
        "line 9, contestants[0].price.input: must be at least 0, not -1.",
    ),
    "an endless price": (
        "input: 0.5",
        "input: .inf",
        "line 9, contestants[0].price.input: must be a finite number.",
    ),
    "half a price": (", output: 1.5", "", "line 9, contestants[0].price.output: is missing."),
    "a price without fields": (
        "{input: 0.5, output: 1.5}",
        "3",
        "line 9, contestants[0].price: must be a mapping with the fields input, output.",
    ),
    "a misspelt field": (
        "license:",
        "licence:",
        "line 6, contestants[0].licence: is not a known field; perhaps license is meant.",
    ),
    "a misspelt field that was needed": (
        "    name: Swift 1\n",
        "    nam: Swift 1\n",
        "line 4, contestants[0].nam: is not a known field; perhaps name is meant (1 more after it).",
    ),
    "a field nobody knows": (
        "discover: false",
        "colour: red",
        "line 17, colour: is not a known field; known are contestants, discover.",
    ),
    "a missing field": ("    name: Swift 1\n", "", "line 3, contestants[0].name: is missing."),
    "a number as a name": (
        "name: Swift 1",
        "name: 1",
        "line 4, contestants[0].name: must be text, not 1; put it in quotes.",
    ),
    "yes as a name": (
        "name: Swift 1",
        "name: yes",
        "line 4, contestants[0].name: must be text, not true; put it in quotes.",
    ),
    "an empty name": ("name: Swift 1", 'name: ""', "line 4, contestants[0].name: must not be empty."),
    "NUL in a name": (
        "name: Swift 1",
        r'name: "a\0b"',
        "line 4, contestants[0].name: has a character that cannot be shown.",
    ),
    "a lone surrogate": (
        "name: Swift 1",
        r'name: "a\ud800b"',
        "line 4, contestants[0].name: has a character that cannot be shown.",
    ),
    "a slug with a space": (
        "slug: swift-1",
        "slug: Swift 1",
        'line 3, contestants[0].slug: must be lower-case letters, digits, ".", "_" and "-", '
        'and begin with a letter or a digit, not "Swift 1".',
    ),
    "a slug twice": (
        "slug: calm-2",
        "slug: swift-1",
        'line 11, contestants[1].slug: "swift-1" is taken already, on line 3.',
    ),
    "an unknown arena": (
        "[text]",
        "[text, video]",
        'line 7, contestants[0].arenas[1]: there is no arena "video"; there is image, text.',
    ),
    "an arena without a list": (
        "[text]",
        "text",
        'line 7, contestants[0].arenas: must be a list, not "text".',
    ),
    "no arena": ("[text]", "[]", "line 7, contestants[0].arenas: must not be empty."),
    "an unknown kind": (
        "kind: openai, ",
        "kind: magic, ",
        'line 8, contestants[0].endpoint.kind: must be "openai", "anthropic" or "google", not "magic".',
    ),
    "another scheme": (
        '"http://127.0.0.1:9001/v1"',
        '"ftp://127.0.0.1/v1"',
        "line 8, contestants[0].endpoint.base_url: must begin with http:// or https://, "
        'not "ftp://127.0.0.1/v1".',
    ),
    "a password in an address of another scheme": (
        "http://127.0.0.1:9001/v1",
        "ftp://me:secret@127.0.0.1/v1",
        "line 8, contestants[0].endpoint.base_url: must begin with http:// or https://.",
    ),
    "a list as a name": (
        "name: Swift 1",
        "name: [Swift, 1]",
        "line 4, contestants[0].name: must be text, not a list.",
    ),
    "a password in the address": (
        "http://127.0.0.1:9001/v1",
        "http://me:secret@127.0.0.1:9001/v1",
        "line 8, contestants[0].endpoint: base_url must hold no user name, password, query or fragment.",
    ),
    "a port that is none": (
        "127.0.0.1:9001",
        "127.0.0.1:99999",
        "line 8, contestants[0].endpoint: base_url must be http:// or https://, a host and at most a port, "
        "as in https://api.example.com/v1.",
    ),
    "a key in the file": (
        "api_key_env: ACME_API_KEY",
        "api_key: sk-secret",
        "line 8, contestants[0].endpoint.api_key: keys do not belong in this file; put it in an environment "
        "variable and name that in api_key_env.",
    ),
    "a key for a name": (
        "api_key_env: ACME_API_KEY",
        "api_key_env: sk-secret",
        "line 8, contestants[0].endpoint.api_key_env: must be the name of an environment variable, "
        "such as ACME_API_KEY, not the key itself.",
    ),
    "a context in words": (
        "context: 32768",
        "context: lots",
        'line 10, contestants[0].context: must be a whole number, not "lots".',
    ),
    "demo, which only demo models are": (
        "context: 32768",
        "demo: true",
        "line 10, contestants[0].demo: is not a known field; known are slug, name, organization, license, "
        "arenas, endpoint, price, context, max_output, reasoning_effort, limits.",
    ),
    "a field twice": (
        "context: 32768",
        "name: Swift 2",
        "line 10, contestants[0].name: is given twice; it stands on line 4 already.",
    ),
    "an alias": (
        "organization: Acme",
        "organization: &a Acme\n    license: *a",
        "line 6: has the alias *a, which is not taken here; write the value out.",
    ),
    "a bracket left open": ("[text]", "[text", "line 8: is not YAML: expected ',' or ']', but got ':'."),
    "a tag that would run code": (
        "name: Swift 1",
        "name: !!python/name:os.getcwd x",
        "line 4: is not YAML: could not determine a constructor for the tag "
        "'tag:yaml.org,2002:python/name:os.getcwd'.",
    ),
    "another list": (
        "contestants:",
        "models:",
        "line 2, models: is not a known field; known are contestants, discover (1 more after it).",
    ),
}


@pytest.mark.parametrize(("right", "wrong", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_file_line_and_field(
    tmp_path: Path, right: str, wrong: str, said: str
) -> None:
    text = GOOD + "discover: false\n"
    assert right in text
    file = tmp_path / "catalogue.yaml"
    file.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(StartError) as refused:
        load_catalogue(file, ["text", "image"])
    assert str(refused.value) == f"{file}, {said}"
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: is empty; it needs a list named contestants."),
        (b"# only a comment\n", "line 1: is empty; it needs a list named contestants."),
        (b"- slug: a\n", "line 1: must be a mapping with the fields contestants, discover."),
        (b"contestants:\n", "line 1, contestants: must be a list, not empty."),
        (b"contestants: []\nname: \xff\n", "line 2: is not UTF-8 text; save the file as UTF-8."),
        (b"contestants: []\n\x01", "line 2: has the character U+0001, which YAML forbids."),
        (b"contestants: " + b"[" * 100, "line 1: is nested more than 12 levels deep."),
        (b"#" * (1 << 21), "line 1: is larger than 1024 KiB."),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "catalogue.yaml"
    file.write_bytes(content)
    with pytest.raises(StartError) as refused:
        load_catalogue(file)
    assert str(refused.value) == f"{file}, {said}"


def test_a_file_that_is_not_there_or_is_a_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"none\.yaml: there is no such file"):
        load_catalogue(tmp_path / "none.yaml")
    with pytest.raises(StartError, match=r"cannot be read \(Is a directory\)\.$"):
        load_catalogue(tmp_path)


def test_the_example_in_the_documentation_is_a_catalogue() -> None:
    example = Path(__file__).parents[2] / "docs" / "catalogue.example.yaml"
    assert len(load_catalogue(example).contestants) >= 2
