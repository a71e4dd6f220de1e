"""What holds for every guide."""

import itertools

import pytest

from ollama_panel.core.connect import guides
from ollama_panel.core.connect.records import ClientSystem, Endpoint, Guide, Language
from ollama_panel.core.connect.seen import guide_of
from ollama_panel.core.connect.timeouts import Slowest, client_timeout
from ollama_panel.core.notices.render import render
from ollama_panel.core.program_names import program_name
from tests.core.connect.readers import check

KEY = "op-secret"
URL = "http://127.0.0.1:11435"
MODEL, EMBEDDING_MODEL = "llama3.1:8b", "all-minilm"
SLOW = Slowest(requests=9, wait_s=4000.0, answer_s=500.0)
"""Twice that is more than any program waits by itself."""


def endpoint(
    key: str = "",
    *,
    system: ClientSystem = ClientSystem.LINUX,
    slowest: Slowest = Slowest(),  # noqa: B008 - a frozen value
    context: int | None = 8192,
    model: str = MODEL,
) -> Endpoint:
    timeout = client_timeout(slowest)
    return Endpoint(URL, timeout, key, model, EMBEDDING_MODEL, context=context, system=system)


def guide(name: str, place: Endpoint) -> Guide:
    return next(one for one in guides(place) if one.id == name)


OPEN, LOCKED = guides(endpoint()), guides(endpoint(KEY))
IDS = [one.id for one in OPEN]


def test_these_programs_have_a_guide() -> None:
    assert [
        *("open-webui", "continue", "cline", "aider", "claude-code", "codex", "zed", "langchain", "llamaindex"),
        *("ollama", "curl", "openai", "anthropic", "ollama-sdk"),
    ] == IDS


@pytest.mark.parametrize("one", OPEN, ids=IDS)
def test_it_has_the_address_and_says_which_version_it_follows_and_where_that_was_read(one: Guide) -> None:
    assert any(URL in way.text for way in one.ways)
    assert one.version
    assert one.source.startswith("https://")


@pytest.mark.parametrize("one", LOCKED, ids=IDS)
def test_a_key_is_in_the_text_of_each_program_that_can_send_one(one: Guide) -> None:
    assert any(KEY in way.text for way in one.ways) is one.sends_key


@pytest.mark.parametrize("one", OPEN, ids=IDS)
def test_no_key_and_no_empty_header_where_none_is_needed(one: Guide) -> None:
    assert not any("Bearer" in way.text or "OLLAMA_API_KEY" in way.text for way in one.ways)


PLACES = [
    endpoint(key, system=system, slowest=slowest, context=context, model=model)
    for key, system, slowest, context, model in itertools.product(
        ("", KEY), ClientSystem, (Slowest(), SLOW), (None, 8192), (MODEL, 'it\'s a "quoted" $(name) #1')
    )
]


@pytest.mark.parametrize("name", IDS)
def test_each_text_is_valid_in_its_language_whatever_is_filled_in(name: str) -> None:
    for place in PLACES:
        for way in guide(name, place).ways:
            check(way)


@pytest.mark.parametrize("one", OPEN, ids=IDS)
def test_a_way_is_known_by_its_id_and_says_where_its_text_goes(one: Guide) -> None:
    assert len({way.id for way in one.ways}) == len(one.ways)
    for way in one.ways:
        stored = way.language in (Language.YAML, Language.JSON, Language.TOML)
        assert bool(way.file) is stored


WITHOUT_TIMEOUT = {"open-webui", "zed", "ollama"}
"""Programs that wait as long as it takes, or whose settings have no time-out."""


@pytest.mark.parametrize("name", IDS)
def test_a_measured_wait_is_the_time_out_of_each_program_that_has_one(name: str) -> None:
    texts = " ".join(way.text for way in guide(name, endpoint(slowest=SLOW)).ways)
    assert ("9000" in texts) is (name not in WITHOUT_TIMEOUT)


@pytest.mark.parametrize("name", IDS)
def test_no_program_is_told_to_wait_shorter_than_by_itself(name: str) -> None:
    one = guide(name, endpoint(slowest=Slowest()))
    assert not ("stays" in render(one.timeout) and any("imeout" in way.text for way in one.ways))


@pytest.mark.parametrize("name", sorted({*IDS} - WITHOUT_TIMEOUT))
def test_the_arithmetic_of_a_time_out_is_told(name: str) -> None:
    assert "waited 67 min and took 8.3 min" in render(guide(name, endpoint(slowest=SLOW)).timeout)


@pytest.mark.parametrize(
    ("process", "agent", "program"),
    [
        ("aider", "litellm/1.81.10", "aider"),
        ("Claude.exe", "claude-cli/2.1.197 (external, cli)", "claude-code"),
        ("", "codex_exec/0.171.0 (Debian 13; x86_64)", "codex"),
        ("rag_indexer.py", "AsyncOpenAI/Python 3.57.0", "openai"),
        ("rag_indexer.py", "ollama-python/0.6.3 (x86_64 linux)", "ollama-sdk"),
        ("ollama", "ollama/0.32.15 (amd64 linux)", "ollama"),
        ("rag_indexer.py", "litellm/1.81.10", None),
        ("", "", None),
    ],
)
def test_a_program_is_recognised_by_its_process_or_by_what_it_says_of_itself(
    process: str, agent: str, program: str | None
) -> None:
    found = guide_of(OPEN, process, agent)
    assert (found.id if found else None) == program


@pytest.mark.parametrize(
    ("command", "program"),
    [
        ("/opt/venv/bin/python3 /opt/venv/bin/aider --model x", "aider"),
        ("/usr/local/bin/python -m uvicorn open_webui.main:app --host 0.0.0.0", "open-webui"),
        ("/usr/bin/python3 /usr/bin/open-webui serve", "open-webui"),
        ("/usr/bin/node /usr/lib/node_modules/@anthropic-ai/claude-code/cli.js", "claude-code"),
        ("/usr/bin/node /usr/lib/node_modules/@openai/codex/bin/codex.js exec", "codex"),
        ("/usr/bin/node /usr/lib/node_modules/@continuedev/cli/dist/cn.js", "continue"),
        ("/usr/bin/node /usr/lib/node_modules/cline/dist/cli.js", "cline"),
    ],
)
def test_it_is_recognised_however_it_was_started(command: str, program: str) -> None:
    words = command.split()
    found = guide_of(OPEN, program_name(words[0].rpartition("/")[2], words[0], words))
    assert found is not None
    assert found.id == program


@pytest.mark.parametrize(("platform", "system"), [("linux", "linux"), ("darwin", "macos"), ("win32", "windows")])
def test_the_texts_are_those_for_the_system_that_the_panel_runs_on(platform: str, system: str) -> None:
    assert ClientSystem.of(platform).value == system
