"""Writes docs/settings.md, the reference of every setting and of Ollama's environment variables.

    python packaging/settings_page.py

Its words are those of the settings tree and of the table of variables; a test checks that the page is up to date.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.environment import VARIABLES, Variable
from ollama_panel.core.ollama.environment_presets import PRESETS
from ollama_panel.core.ollama.environment_table import NEVER_EXISTED
from ollama_panel.core.settings.catalog import NAME, SETTINGS, Setting, find
from ollama_panel.core.settings.tree import Settings

PAGE = Path(__file__).resolve().parents[1] / "docs" / "settings.md"

_HEAD = """# Settings

<!-- Written by packaging/settings_page.py: change the texts in ollama_panel/core/settings (tree.py, tree_*.py)
or ollama_panel/core/ollama (environment_table.py and its neighbours), and run it. -->

    ollama-panel settings get                    # every setting with its value
    ollama-panel settings get --explain proxy    # what it does; a key, a group, or nothing for all
    ollama-panel settings set proxy.port 11436

They are in `settings.json` in the panel's folder, which may be edited by hand. The usual ones are also in the window,
on the page Settings and on the cards of the pools. A running panel follows at once, unless the text of the setting says
otherwise. Lists are separated by commas; groups and names with values are JSON; `on` and `off` mean true and false.
"""

_POOLS = f"""
`{NAME}` stands for the name of a pool. The defaults are those of a pool that is added; a new panel has these:
"""

_VARIABLES = f"""
## Environment variables

Any variable can be in `pools.{NAME}.environment`, for example with
`ollama-panel settings set pools.chat.environment.OLLAMA_KEEP_ALIVE 30m`; an empty value removes it. The panel checks
those that Ollama reads, because Ollama itself says nothing about names and values that it does not understand. Use the
settings of the pool in place of `OLLAMA_NUM_PARALLEL` and `OLLAMA_CONTEXT_LENGTH`, `ollama.models_dir` in place of
`OLLAMA_MODELS`, and leave `OLLAMA_HOST` to the panel.

    ollama-panel environment explain OLLAMA_KV_CACHE_TYPE
    ollama-panel environment check OLLAMA_GPU_OVERHEAD=1024
    ollama-panel environment presets
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join((_HEAD, *_settings(), _VARIABLES, *_variables()))


def _settings() -> Iterator[str]:
    for group in (one for one in SETTINGS.values() if one.group):
        yield f"## {group.title}\n\n{group.description}\n"
        if group.key == "pools":
            yield _POOLS.lstrip("\n")
            yield _new_pools()
        members = (one for key, one in SETTINGS.items() if key.startswith(f"{group.key}.") and not one.group)
        yield _table(("Key", "Values", "Default", "Meaning"), map(_row, members))
    version = find("version")
    yield f"`{version.key}` in the file: {version.description}"


def _row(one: Setting) -> tuple[str, ...]:
    title = f"{one.title}, {one.unit}" if one.unit else one.title
    default = "—" if one.default is None else f"`{one.default}`" if one.default else "empty"
    return f"`{one.key}`", render(one.values), default, f"**{title}.** {one.description}"


def _new_pools() -> str:
    names = ("name", "role", "workers", "parallel", "context_length")
    rows = (
        (pool.name, pool.role.value, *(str(getattr(pool, name)) for name in names[2:])) for pool in Settings().pools
    )
    return _table(tuple(find(f"pools.{NAME}.{name}").title for name in names), rows)


def _presets() -> Iterator[str]:
    presets = PRESETS.values()
    yield "### Presets\n"
    yield "`ollama-panel environment apply kv-q8_0 chat` sets the variables of one in the pool `chat`.\n"
    yield _table(
        ("Preset", "Meaning", "Gain", "Cost", "Numbers from"),
        ((f"`{one.id}`", f"**{one.title}.** {one.meaning}", one.gain, one.cost, one.source) for one in presets),
    )


def _variables() -> Iterator[str]:
    yield from _presets()
    read = [one for one in VARIABLES.values() if not one.until and not one.overruled]
    for title, those in (
        ("Ollama", [one for one in read if one.name.startswith("OLLAMA_")]),
        ("Its runner, llama.cpp", [one for one in read if one.name.startswith("LLAMA_ARG_")]),
        ("Graphics cards and the network", [one for one in read if not one.name.startswith(("OLLAMA_", "LLAMA_ARG_"))]),
    ):
        yield f"### {title}\n"
        yield _table(("Variable", "Values", "Default", "Meaning", "Ollama"), map(_variable, those))
    yield "### Without effect\n"
    removed = (
        (f"`{one.name}`", f"{one.meaning} Read by Ollama {one.versions}.") for one in VARIABLES.values() if one.until
    )
    overruled = (
        (f"`{one.name}`", render(notice("environment.overruled", name=one.name, advice=one.overruled)))
        for one in VARIABLES.values()
        if one.overruled
    )
    missing = (
        (f"`{name}`", f"No version of Ollama reads it: {render(instead)}.") for name, instead in NEVER_EXISTED.items()
    )
    yield _table(("Variable", "Why"), (*removed, *overruled, *missing))


def _variable(one: Variable) -> tuple[str, ...]:
    default = f"`{one.default}`" if one.default else "—"
    return f"`{one.name}`", render(one.values), default, one.meaning, one.versions or "—"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, tuple("---" for _ in head), *rows)
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
