import pytest

from evenhand.core.errors import StartError
from evenhand.core.settings import load_settings


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "eighty", 'must be a whole number, not "eighty"'),
        ("PORT", "123456", 'must be at most 65535, not "123456"'),
        ("PORT", "-1", 'must be at least 0, not "-1"'),
        ("DAILY_BUDGET_USD", "plenty", 'must be a number, not "plenty"'),
        ("DAILY_BUDGET_USD", "inf", 'must be a finite number, not "inf"'),
        ("LOCAL_MODELS", "perhaps", 'must be true or false, not "perhaps"'),
        ("GUEST_TURNS_AT_ONCE", "0", 'must be at least 1, not "0"'),
        ("GUEST_TURNS_PER_HOUR", "1.5", 'must be a whole number, not "1.5"'),
        ("PUBLIC_URL", "arena.example.org", "must be an address such as https://arena.example.org"),
        (
            "PUBLIC_URL",
            "https://me:secret@arena.example.org",
            "must be an address such as https://arena.example.org",
        ),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"EVENHAND_{name}", value)
    with pytest.raises(StartError) as refused:
        load_settings()
    assert str(refused.value) == f"EVENHAND_{name} {said}."
