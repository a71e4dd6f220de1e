import pytest

from ollama_panel.core.gpu_yield_programs import ProcessName, chosen, matches

BLENDER = ProcessName("blender", "/usr/share/blender/blender")
GAME = ProcessName("Game.EXE", r"C:\Games\Doom\Game.exe")
IN_WINE = ProcessName("game.exe", "/usr/bin/wine64-preloader")
ON_A_MAC = ProcessName("Blender", "/Applications/Blender.app/Contents/MacOS/Blender")
OF_ANOTHER_USER = ProcessName("blender")


@pytest.mark.parametrize(
    ("wanted", "process"),
    [
        ("blender", BLENDER),
        ("Blender.exe", BLENDER),
        ("/usr/share/blender/blender", BLENDER),
        ("blender", OF_ANOTHER_USER),
        ("game", GAME),
        ("GAME.exe", GAME),
        ("c:/games/doom/game.exe", GAME),
        (r"C:\Games\Doom\Game", GAME),
        ("game", IN_WINE),
        ("wine64-preloader", IN_WINE),
        ("Blender.app", ON_A_MAC),
        ("/Applications/Blender.app", ON_A_MAC),
        (" blender ", ON_A_MAC),
    ],
)
def test_a_program_has_many_names(wanted: str, process: ProcessName) -> None:
    assert matches(wanted, process)


@pytest.mark.parametrize(
    ("wanted", "process"),
    [
        ("blend", BLENDER),
        ("blenders", BLENDER),
        ("", BLENDER),
        ("  ", ProcessName("", "")),
        ("/opt/blender", BLENDER),
        ("/usr/share/blender/blender", OF_ANOTHER_USER),
        ("lender.app", ON_A_MAC),
        ("/Users/ann/Applications/Blender.app", ON_A_MAC),
        ("Applications", ON_A_MAC),
        (".exe", GAME),
    ],
)
def test_another_program_is_not_meant(wanted: str, process: ProcessName) -> None:
    assert not matches(wanted, process)


def test_each_is_told_once_as_the_settings_name_it() -> None:
    assert chosen(("Game", "steam", "blender", "Game"), (BLENDER, IN_WINE, BLENDER)) == ("Game", "blender")
