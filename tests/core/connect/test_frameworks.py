"""Guides for frameworks; tests/e2e/test_connect.py runs them where they are installed."""

from tests.core.connect.test_guides import endpoint, guide


def test_llama_index_never_asks_for_all_that_the_model_was_trained_with() -> None:
    chat, _ = guide("llamaindex", endpoint(context=None)).ways
    assert "context_window=4096," in chat.text
    chat, _ = guide("llamaindex", endpoint(context=16_384)).ways
    assert "context_window=16384," in chat.text


def test_embeddings_ask_for_the_embedding_model() -> None:
    for name in ("langchain", "llamaindex"):
        chat, embeddings = guide(name, endpoint()).ways
        assert '"llama3.1:8b"' in chat.text
        assert '"all-minilm"' in embeddings.text
