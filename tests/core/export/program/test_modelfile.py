"""Modelfiles: read back as Ollama reads them."""

import re
import shlex

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Words
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree import PoolSettings, Settings
from tests.core.export.samples import exported, nasty, pools


def of(*models: str, **changes: object) -> Settings:
    """Return settings whose first pool has these models."""
    chat, *others = pools().pools
    changed: PoolSettings = msgspec.structs.replace(chat, models=models, **changes)
    return msgspec.structs.replace(pools(), pools=(changed, *others))


def commands(text: str) -> list[tuple[str, str]]:
    """Return the commands of a Modelfile: a comment begins where a command could, and a value ends with its line."""
    lines = [line for line in re.split(r"[\r\n]+", text) if line.strip(" \t") and not line.startswith("#")]
    assert all(re.fullmatch(r"(?:FROM|PARAMETER \w+) \S+", line) for line in lines), lines
    return [(name, value) for name, _, value in (line.rpartition(" ") for line in lines)]


@pytest.mark.parametrize("words", [render, nasty])
def test_every_model_of_a_pool_gets_its_context(words: Words) -> None:
    chat, embedding = exported("modelfile", pools(), words=words).files
    assert (chat.name, embedding.name) == ("llama3.1-8b-chat.Modelfile", "nomic-embed-text-latest-embed.Modelfile")
    assert commands(chat.text) == [("FROM", "llama3.1:8b"), ("PARAMETER num_ctx", "8192")]
    assert commands(embedding.text) == [("FROM", "nomic-embed-text:latest"), ("PARAMETER num_ctx", "2048")]


def test_a_batch_size_and_threads_that_a_pool_asks_for_are_parameters() -> None:
    settings = of("tiny", batch=1024, environment={"LLAMA_ARG_THREADS": "7"})
    assert commands(exported("modelfile", settings).files[0].text)[1:] == [
        ("PARAMETER num_ctx", "8192"),
        ("PARAMETER num_batch", "1024"),
        ("PARAMETER num_thread", "7"),
    ]


@pytest.mark.parametrize("threads", ["", "many", "²", "7\nSYSTEM x", "-1"])
def test_threads_that_are_no_number_are_no_parameter(threads: str) -> None:
    text = exported("modelfile", of("tiny", environment={"LLAMA_ARG_THREADS": threads})).files[0].text
    assert commands(text)[1:] == [("PARAMETER num_ctx", "8192")]


def test_each_model_gets_a_name_of_its_own_and_the_original_stays() -> None:
    *create, show, ask = exported("modelfile", pools()).steps
    assert [shlex.split(step.command) for step in create] == [
        ["ollama", "create", "llama3.1:8b-chat", "-f", "llama3.1-8b-chat.Modelfile"],
        ["ollama", "create", "nomic-embed-text:latest-embed", "-f", "nomic-embed-text-latest-embed.Modelfile"],
    ]
    assert "ollama show --parameters llama3.1:8b-chat" in show.command
    assert "llama3.1:8b-chat" in render(ask.told)


def test_a_model_that_is_named_twice_is_one_and_one_of_the_cloud_is_none() -> None:
    files = exported("modelfile", of("tiny", "Tiny:latest", "gpt-oss:120b-cloud", "hf.co/a/B-GGUF:Q4_K_M")).files
    assert [file.name for file in files[:2]] == ["Tiny-latest-chat.Modelfile", "hf.co-a-B-GGUF-Q4_K_M-chat.Modelfile"]
    assert commands(files[1].text)[0] == ("FROM", "hf.co/a/B-GGUF:Q4_K_M")


def test_files_that_would_have_the_same_name_are_told_apart() -> None:
    files = exported("modelfile", of("a-b:c", "a/b:c", "a:b-c")).files
    assert len({file.name for file in files}) == len(files) == 4


@pytest.mark.parametrize("settings", [of(), of("gpt-oss:120b-cloud"), Settings()])
def test_without_a_model_it_says_what_to_set(settings: Settings) -> None:
    alone = msgspec.structs.replace(settings, pools=settings.pools[:1])
    with pytest.raises(PanelError, match="no pool with a worker names one that runs here: name its models in Settings"):
        exported("modelfile", alone)


@pytest.mark.parametrize(
    "name", ["my model", 'a"b', "a\nb", "-a", "a/b/c/d", "模型", "../x", "a:b:c", "~/x", "a%b", "$(id)"]
)
def test_what_is_no_name_of_ollama_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(PanelError, match="a model of pool chat, is not a name of Ollama: correct it in Settings"):
        exported("modelfile", of(name))


def test_a_tag_that_would_become_too_long_is_refused_in_a_sentence() -> None:
    with pytest.raises(PanelError, match="give the pool a shorter name"):
        exported("modelfile", of(f"tiny:{'a' * 76}"))


@given(st.text(max_size=20))
def test_a_name_is_refused_or_stays_one_word(name: str) -> None:
    try:
        files = exported("modelfile", of(name or "x")).files
    except PanelError:
        return
    for file in files:
        assert [kind for kind, _ in commands(file.text)] == ["FROM", "PARAMETER num_ctx"]
