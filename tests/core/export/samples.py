"""Settings to export, and what hypothesis may put into an environment."""

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from ollama_panel.core import redact
from ollama_panel.core.export import Export, render
from ollama_panel.core.export.deployment import INSTALLED, Site, Words
from ollama_panel.core.ids import PoolName
from ollama_panel.core.launch import InstanceSpec, plan_instances
from ollama_panel.core.notices import Notice
from ollama_panel.core.notices.render import render as english
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.stores import Service

OLLAMA = ("/usr/local/bin/ollama",)

TRICKY = {
    "SPACES": " a  b ",
    "PERCENT": "100%n %%",
    "DOUBLE": 'say "hi"',
    "SINGLE": "it's",
    "BACKSLASH": r"C:\temp\new \\ \x41",
    "DOLLAR": "$HOME ${PATH} $(id) `id`",
    "UNICODE": "模型 é 🦙",
    "EMPTY": "",
    "SIGNS": "#;&|<>*?[]{}~!=,",
    "TAB": "a\tb",
    "TRAILING": "end\\",
}

names = (
    st.from_regex(r"\A[A-Z_][A-Z0-9_]{0,10}\Z")
    .map(lambda name: f"X_{name}")
    .filter(lambda name: not redact.is_secret(name, "a"))
)
printable = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t"), max_size=30).filter(
    lambda value: redact.variable("A", value) == value
)


def pools(environment: Mapping[str, str] | None = None, workers: int = 2) -> Settings:
    chat = PoolSettings(
        PoolName("chat"),
        workers=workers,
        parallel=4,
        context_length=8192,
        models=("llama3.1:8b",),
        environment=dict(environment or {}),
    )
    embedding = PoolSettings(
        PoolName("embed"), Role.EMBEDDING, parallel=1, context_length=2048, models=("nomic-embed-text",)
    )
    return Settings(pools=(chat, embedding))


def instances(settings: Settings, command: Sequence[str] = OLLAMA) -> tuple[InstanceSpec, ...]:
    return plan_instances(settings, command, cores=8, gpu=True)


def nasty(told: Notice) -> str:
    """Return the words of a language that breaks whatever is not quoted."""
    return f"it's \"so\" `id` $(id) $HOME 50% \\n {english(told)}\nEND_OF_UNIT\rrm -rf \u2028 ' \\"


def exported(
    target: str,
    settings: Settings,
    command: Sequence[str] = OLLAMA,
    words: Words = english,
    service: Service | None = None,
    models: str = "",
    site: Site | None = None,
) -> Export:
    site = site or Site(service or INSTALLED, models)
    specs = instances(settings, command)
    return render(target, settings, specs, version="1.2.3", date="2026-11-23", words=words, site=site)
