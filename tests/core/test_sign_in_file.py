"""The sign-in file: short for who is known, and a sentence for what is wrong in it."""

from pathlib import Path

import pytest

from evenhand.core.errors import StartError
from evenhand.core.settings import load_settings
from evenhand.core.sign_in_file import GivenProvider, read_providers

ENVIRON = {"GOOGLE_SECRET": "g", "GITHUB_SECRET": "h", "COMPANY_SECRET": "c"}


def read(folder: Path, written: str) -> tuple[GivenProvider, ...]:
    path = folder / "sign-in.yaml"
    path.write_text(written, "utf-8")
    return read_providers(path, ENVIRON)


def test_google_and_github_need_an_id_and_a_secret_alone(tmp_path: Path) -> None:
    google, github = read(
        tmp_path,
        """
        providers:
          - use: google
            client_id: 1234
            client_secret_env: GOOGLE_SECRET
          - {use: github, client_id: Iv1.5678, client_secret_env: GITHUB_SECRET, trust_email: false}
        """.replace("1234", "'1234'"),
    )
    assert (google.slug, google.name["zh"], google.trust_email) == ("google", "Google", True)
    assert (google.issuer, github.issuer) == ("https://accounts.google.com", "https://github.com")
    assert (github.slug, github.name["en"], github.trust_email) == ("github", "GitHub", False)
    assert google.client_secret is not None
    assert google.client_secret.get_secret_value() == "g"
    assert "g'" not in repr(google)


def test_any_issuer_is_taken_and_its_addresses_are_not_trusted_unless_that_is_said(tmp_path: Path) -> None:
    [company] = read(
        tmp_path,
        """
        providers:
          - slug: company
            name: {en: Our company, zh: 我们公司}
            issuer: https://login.example.org/realms/main
            client_id: arena
        """,
    )
    assert company.name == {"en": "Our company", "zh": "我们公司"}
    assert not company.trust_email
    assert company.client_secret is None


COMPANY = "{slug: company, name: Company, issuer: 'https://login.example.org', client_id: arena"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "providers is missing"),
        ("providers: 7", 'providers must be a list, not "7"'.replace('"', "")),
        ("providers: [7]", "providers[0] must be a mapping"),
        ("providers: [{use: google}]", "providers[0].client_id is missing"),
        ("providers: [{use: gogle, client_id: a}]", "providers[0].use must be"),
        (f"providers: [{COMPANY}, client_secret: abc}}]", "providers[0].client_secret does not belong"),
        (f"providers: [{COMPANY}, client_secret_env: a-b}}]", "providers[0].client_secret_env must name"),
        (f"providers: [{COMPANY}, client_secret_env: NONE}}]", "providers[0].client_secret_env names NONE"),
        (f"providers: [{COMPANY}, scope: all}}]", "providers[0].scope is not a known field"),
        (f"providers: [{COMPANY}}}, {COMPANY}}}]", 'providers[1].slug must be another one, "company"'),
        ("providers: [{use: github, client_id: a}]", "providers[0].client_secret_env is missing"),
        (
            "providers: [{slug: Company, name: C, issuer: 'https://a', client_id: a}]",
            "providers[0].slug must",
        ),
        (
            "providers: [{slug: c, name: {en: C}, issuer: 'https://a', client_id: a}]",
            "providers[0].name must",
        ),
        ("providers: [{slug: c, issuer: 'https://a', client_id: a}]", "providers[0].name is missing"),
        *(
            (
                f"providers: [{{slug: c, name: C, issuer: '{issuer}', client_id: a}}]",
                "providers[0].issuer must be",
            )
            for issuer in (
                "http://login.example.org",
                "login.example.org",
                "https://",
                "https://user@login.example.org",
                "https://login.example.org?a=b",
                "file:///etc/passwd",
                "https://login.example.org:port",
            )
        ),
        ("providers:\n  - [\n", "line 3: is not YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_field(tmp_path: Path, written: str, said: str) -> None:
    with pytest.raises(StartError) as refused:
        read(tmp_path, written)
    sentence = str(refused.value)
    assert sentence.startswith(str(tmp_path / "sign-in.yaml"))
    assert said in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_wrong_file_is_said_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENHAND_SIGN_IN_FILE", str(tmp_path / "none.yaml"))
    with pytest.raises(StartError, match="there is no such file; EVENHAND_SIGN_IN_FILE must name one"):
        load_settings()
