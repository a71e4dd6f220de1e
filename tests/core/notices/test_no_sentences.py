"""Core, proxy and engine make notices, no sentences: their words are in the templates, which can be translated."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import ollama_panel

PRODUCT = Path(ollama_panel.__file__).parent
LAYERS = ("core", "proxy", "engine")
LOG_CALLS = {"debug", "info", "warning", "error", "exception", "critical"}
WORD = re.compile(r"(?<![\w\\./-])[A-Za-z][a-z']*(?![\w/-])")
NO_PROSE = re.compile(r"[\\|*=<>\[\]\n]")
"""Patterns, scripts and another program's log lines have these; sentences for people do not."""

NOT_FOR_PEOPLE = {
    "core/notices/__init__.py": "an error of the program",
    "core/notices/templates*.py": "the templates themselves",
    "core/ollama/environment_*.py": "the meanings of Ollama's variables",
    "core/applying/managers/*.py": "commands to type",
    "core/connect/*.py": "settings of other programs, and code that uses them",
    "core/doctor/driver_failures.py": "the words of drivers and of Ollama",
    "core/export/cluster/helm.py": "commands to type",
    "core/export/container/docker.py": "commands to type",
    "core/export/container/quadlet.py": "commands to type",
    "core/export/machine/env.py": "commands to type",
    "core/export/machine/homebrew.py": "commands to type",
    "core/export/machine/launchd.py": "commands to type",
    "core/server_control.py": "commands to type",
    "core/store_notices.py": "commands to type",
    "core/tuning/seeded.py": "words for made-up prompts",
    "core/export/proxy/*.py": "the configurations of proxies, and commands to type",
    "core/settings/json_text.py": "the words of Python's decoder",
    "core/settings/tree*.py": "the titles and meanings of settings, which have a table of their own",
    "core/ollama/engines.py": "the name of an engine",
    "core/ollama/out_of_memory.py": "the words of Ollama and its libraries",
    "core/ollama/serverlog*.py": "the words of Ollama and its libraries",
    "proxy/panel_api/openapi.py": "what the OpenAPI document says of a field, in English",
    "proxy/panel_api/machine.py": "what the OpenAPI document says of an operation, in English",
    "proxy/panel_api/routes*.py": "what the OpenAPI document says of an operation, in English",
    "engine/drill_load.py": "what the requests of a drill ask a model",
    "engine/host/connections.py": "lines of the log",
    "engine/host/containers.py": "a template of docker's",
    "engine/host/gpu/apple.py": "the words of ioreg",
    "engine/host/gpu/sensors_apple.py": "the words of pmset",
    "engine/history/file.py": "SQL",
    "engine/history/reader.py": "SQL",
    "engine/history/tidying.py": "SQL",
    "engine/logs.py": "lines of the log",
    "engine/metrics*.py": "what Prometheus shows beside a metric, in English",
}
"""Modules whose sentences are not the panel's own words for people, and why."""


def sentences(source: str) -> Iterator[str]:
    """Yield the texts of a module that read like a sentence; what is filled in is `{}`.

    Docstrings, formats of values, the texts of log calls and those of assertions do not count.
    """
    tree = ast.parse(source)
    skipped = {part for node in ast.walk(tree) for part in _not_shown(node)}
    for node in ast.walk(tree):
        if node not in skipped and isinstance(node, ast.JoinedStr | ast.Constant):
            text = _text(node)
            if _reads_like_a_sentence(text):
                yield text


def _not_shown(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from node.values
    elif isinstance(node, ast.FormattedValue) and node.format_spec is not None:
        yield node.format_spec
    elif isinstance(node, ast.Assert):
        yield from ast.walk(node)
    elif isinstance(node, ast.Call) and _is_log_call(node.func):
        yield from node.args[:1]


def _is_log_call(function: ast.expr) -> bool:
    if not isinstance(function, ast.Attribute) or function.attr not in LOG_CALLS:
        return False
    return "log" in ast.unparse(function.value).lower()


def _text(node: ast.JoinedStr | ast.Constant) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def _reads_like_a_sentence(text: str) -> bool:
    words = WORD.findall(text)
    if len(words) >= 4 and not NO_PROSE.search(text):
        return True
    return len(words) >= 2 and text[:1].isupper() and text.rstrip().endswith((".", "?", ":"))


def found(pattern: str) -> list[str]:
    """Return the sentences of the modules that match a pattern, each with its module."""
    paths = sorted(path for layer in LAYERS for path in (PRODUCT / layer).rglob("*.py"))
    matching = (path for path in paths if path.relative_to(PRODUCT).match(pattern))
    return [
        f"{path.relative_to(PRODUCT).as_posix()}: {text}"
        for path in matching
        for text in sentences(path.read_text(encoding="utf-8"))
    ]


def test_no_module_makes_sentences() -> None:
    allowed = {text for pattern in NOT_FOR_PEOPLE for text in found(pattern)}
    assert [text for text in found("*.py") if text not in allowed] == [], "make it a notice, see core/notices"


@pytest.mark.parametrize("pattern", NOT_FOR_PEOPLE)
def test_an_exemption_is_needed(pattern: str) -> None:
    assert found(pattern)


@pytest.mark.parametrize(
    "source",
    [
        'raise PanelError("There is no such pool.")',
        'raise PanelError(f"Port {port} is taken by {owner}: stop it.")',
        'reply(f"the request body is longer than {limit} MiB")',
        'text = "Nothing changes."',
    ],
)
def test_a_sentence_is_recognised(source: str) -> None:
    assert list(sentences(source))


@pytest.mark.parametrize(
    "source",
    [
        '"""The one place that reads clocks."""',
        '_log.warning("%d requests were cut off when the proxy stopped.", active)',
        'assert pieces, "the head is written with the first piece"',
        'path = f"/panel/{name}"',
        'BINARY = "ollama"',
        r'DONE = re.compile(r"process has terminated|has unexpectedly stopped")',
        'headers = b"Connection: close"',
    ],
)
def test_what_people_do_not_read_is_none(source: str) -> None:
    assert not list(sentences(source))
