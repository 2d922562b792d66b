import pytest

from evenhand.contestants.naming import chats, name_of, organization_of, slug_of


@pytest.mark.parametrize(
    ("model", "name", "slug", "organization"),
    [
        ("qwen2.5-coder:0.5b", "qwen2.5-coder 0.5b", "qwen2.5-coder-0.5b", None),
        ("llama3.2:latest", "llama3.2", "llama3.2", None),
        ("Qwen/Qwen2.5-0.5B-Instruct", "Qwen2.5-0.5B-Instruct", "qwen2.5-0.5b-instruct", "Qwen"),
        ("/models/big/Mixtral.gguf", "Mixtral", "mixtral", None),
        ("模型", "模型", "", None),
    ],
)
def test_a_model_is_named_after_its_id(model: str, name: str, slug: str, organization: str | None) -> None:
    assert (name_of(model), slug_of(model), organization_of(model)) == (name, slug, organization)


@pytest.mark.parametrize(
    "model", ["nomic-embed-text:latest", "text-embedding-3-small", "BAAI/bge-m3", "whisper-1", "all-minilm"]
)
def test_a_model_that_does_not_chat_is_known_by_its_name(model: str) -> None:
    assert not chats(model)


@pytest.mark.parametrize("model", ["llama3.2", "gemma2:2b", "Qwen/Qwen2.5-0.5B-Instruct", "e5x"])
def test_a_model_that_chats_is_not_taken_for_another_kind(model: str) -> None:
    assert chats(model)
