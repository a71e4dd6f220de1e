import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.paths import begins_at_home, expanded, flaw, usable
from ollama_panel.core.settings.tree import Settings

WHOLE = ("", "/", "/srv/models", "/srv/~old/a$b", "D:\\models", "d:/models", "\\\\nas\\models")
AT_HOME = ("~", "~/models", "$HOME/models", "${HOME}/models", "$HOME", "%USERPROFILE%\\models", "%userprofile%/models")


@pytest.mark.parametrize("path", [*WHOLE, *AT_HOME])
def test_whole_paths_and_those_in_the_home_are_right(path: str) -> None:
    assert flaw(path) is None
    assert codec.set(Settings(), "ollama.models_dir", path).ollama.models_dir == path


@pytest.mark.parametrize(
    ("path", "instead"),
    [
        ("models", "a whole path"),
        ("./models", "a whole path"),
        ("../models", "a whole path"),
        (" /srv", "a whole path"),
        ("D:models", "a whole path"),
        ("~bob/models", "a path without variables"),
        ("$HOMEBREW/models", "a path without variables"),
        ("/home/$USER/models", "a path without variables"),
        ("%LOCALAPPDATA%\\models", "a path without variables"),
        ("~/$NAME", "a path without variables"),
        ('"/srv/models"', "the path without quotes"),
        ("'~/models'", "the path without quotes"),
    ],
)
def test_other_paths_are_refused_with_what_to_write(path: str, instead: str) -> None:
    told = flaw(path)
    assert told is not None
    assert render(told).startswith(instead)
    with pytest.raises(PanelError, match=f"ollama.models_dir must be {instead}"):
        codec.set(Settings(), "ollama.models_dir", path)


def test_a_program_may_be_a_name_on_the_path() -> None:
    assert codec.set(Settings(), "ollama.binary", "ollama").ollama.binary == "ollama"
    for wrong in ("./ollama", "bin/ollama", '"/usr/bin/ollama"', "$BIN/ollama", "bin\\ollama"):
        with pytest.raises(PanelError, match=r"ollama\.binary must be"):
            codec.set(Settings(), "ollama.binary", wrong)


def test_the_home_is_put_in_where_it_is_meant() -> None:
    assert [expanded(path, "/home/me/") for path in AT_HOME] == [
        "/home/me",
        *["/home/me/models"] * 3,
        "/home/me",
        *["/home/me/models"] * 2,
    ]
    assert expanded("%USERPROFILE%\\a\\b", "C:\\Users\\me") == "C:\\Users\\me\\a\\b"
    assert [expanded(path, "/home/me") for path in WHOLE] == list(WHOLE)
    assert expanded("~/models", "") == "~/models"
    assert [begins_at_home(path) for path in ("~/a", "~a", "/~", "$HOMES")] == [True, False, False, False]


def test_what_a_program_would_take_for_the_name_of_a_folder_is_not_usable() -> None:
    assert [usable(path, "/home/me") for path in WHOLE] == list(WHOLE)
    assert usable("~\\models\\new", "/home/me") == "/home/me/models/new"
    assert [usable(path, "/home/me") for path in ("~bob/models", "$MODELS", "models", "./models", "'/srv")] == [""] * 5
    assert [usable(path, "") for path in AT_HOME] == [""] * len(AT_HOME)
