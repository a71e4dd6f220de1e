"""The reference page of the settings."""

import pytest

import settings_page
from ollama_panel.core.ollama.environment import VARIABLES
from ollama_panel.core.ollama.environment_table import NEVER_EXISTED
from ollama_panel.core.settings.catalog import SETTINGS

PAGE = settings_page.PAGE.read_text(encoding="utf-8")


def test_the_page_is_up_to_date() -> None:
    assert settings_page.page() == PAGE, "run packaging/settings_page.py"


@pytest.mark.parametrize("key", SETTINGS)
def test_every_setting_is_on_it(key: str) -> None:
    one = SETTINGS[key]
    assert one.description in PAGE
    assert f"## {one.title}\n" in PAGE if one.group else f"`{key}`" in PAGE


@pytest.mark.parametrize("name", [*VARIABLES, *NEVER_EXISTED])
def test_every_variable_is_on_it_once(name: str) -> None:
    assert PAGE.count(f"| `{name}` |") == 1


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    tables = [block.splitlines() for block in PAGE.split("\n\n") if block.startswith("|")]
    assert len(tables) == 13
    for table in tables:
        assert len({line.replace("\\|", "").count("|") for line in table}) == 1, table[0]
