"""Frameworks for programs that answer from documents: LangChain and LlamaIndex."""

from typing import Any

from ollama_panel.core.connect import texts
from ollama_panel.core.connect.records import Endpoint, Guide, Language, Marks, Way
from ollama_panel.core.notices import Notice, notice

_LLAMA_INDEX_TIMEOUT_S = 30
"""`DEFAULT_REQUEST_TIMEOUT` of llama-index-llms-ollama 0.11."""
_LEAST_CONTEXT = 4096
"""Ollama's own context on small machines. Without one LlamaIndex asks for all that the model was trained with."""


def langchain(endpoint: Endpoint) -> Guide:
    """Return the guide for LangChain with its package for Ollama, which hands `client_kwargs` to Ollama's library."""
    arguments = _python(_client_arguments(endpoint))
    chat = texts.lines(
        [
            "from langchain_ollama import ChatOllama",
            "",
            "model = ChatOllama(",
            f"    model={texts.quoted(endpoint.model)},",
            f"    base_url={texts.quoted(endpoint.url)},",
            f"    client_kwargs={arguments},",
            ")",
            'print(model.invoke("Hello").content)',
        ]
    )
    embeddings = texts.lines(
        [
            "from langchain_ollama import OllamaEmbeddings",
            "",
            "model = OllamaEmbeddings(",
            f"    model={texts.quoted(endpoint.embedding_model)},",
            f"    base_url={texts.quoted(endpoint.url)},",
            f"    client_kwargs={arguments},",
            ")",
            'print(len(model.embed_query("Hello")))',
        ]
    )
    return Guide(
        id="langchain",
        name="LangChain",
        ways=_chat_and_embeddings(chat, embeddings),
        version="1.1 (langchain-ollama)",
        source="https://github.com/langchain-ai/langchain/blob/master/libs/partners/ollama/langchain_ollama/chat_models.py",
        running=notice("connect.running.code"),
        key=notice("connect.key.bearer"),
        timeout=texts.told_timeout(endpoint, "client_kwargs"),
        marks=Marks(),
    )


def llama_index(endpoint: Endpoint) -> Guide:
    """Return the guide for LlamaIndex with its packages for Ollama."""
    headers = texts.bearer(endpoint)
    chat = texts.lines(
        [
            "from llama_index.llms.ollama import Ollama",
            "",
            "model = Ollama(",
            f"    model={texts.quoted(endpoint.model)},",
            f"    base_url={texts.quoted(endpoint.url)},",
            f"    context_window={endpoint.context or _LEAST_CONTEXT},",
            f"    request_timeout={endpoint.timeout.seconds},",
            f"    headers={_python(headers)}," if headers else None,
            ")",
            'print(model.complete("Hello"))',
        ]
    )
    embeddings = texts.lines(
        [
            "from llama_index.embeddings.ollama import OllamaEmbedding",
            "",
            "model = OllamaEmbedding(",
            f"    model_name={texts.quoted(endpoint.embedding_model)},",
            f"    base_url={texts.quoted(endpoint.url)},",
            f"    client_kwargs={_python(_client_arguments(endpoint))},",
            ")",
            'print(len(model.get_query_embedding("Hello")))',
        ]
    )
    return Guide(
        id="llamaindex",
        name="LlamaIndex",
        ways=_chat_and_embeddings(chat, embeddings, notice("connect.note.own_context_trained", program="LlamaIndex")),
        version="0.11 (llama-index-llms-ollama), 0.10 (llama-index-embeddings-ollama)",
        source="https://github.com/run-llama/llama_index/blob/main/llama-index-integrations/llms/llama-index-llms-ollama/llama_index/llms/ollama/base.py",
        running=notice("connect.running.code"),
        key=notice("connect.key.bearer"),
        timeout=texts.told_timeout(endpoint, "request_timeout", _LLAMA_INDEX_TIMEOUT_S),
        marks=Marks(),
    )


def _client_arguments(endpoint: Endpoint) -> dict[str, Any]:
    headers = texts.bearer(endpoint)
    return {"timeout": endpoint.timeout.seconds, **({"headers": headers} if headers else {})}


def _python(value: dict[str, Any]) -> str:
    """Return a dictionary of texts and numbers; Python reads them as JSON does."""
    return texts.json_line(value)


def _chat_and_embeddings(chat: str, embeddings: str, note: Notice | None = None) -> tuple[Way, ...]:
    return (
        Way("chat", notice("connect.way.chat"), chat, Language.PYTHON, note=note),
        Way("embeddings", notice("connect.way.embeddings"), embeddings, Language.PYTHON),
    )
