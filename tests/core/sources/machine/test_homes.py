import pytest

from ollama_panel.core.sources.machine.homes import home_of


@pytest.mark.parametrize(
    ("path", "home"),
    [
        ("/home/ana/.bashrc", "/home/ana"),
        ("/Users/ana/Library/LaunchAgents/x.plist", "/Users/ana"),
        ("/root", "/root"),
        ("C:\\Users\\ana\\start.bat", "C:\\Users\\ana"),
        ("/etc/profile", ""),
        ("~/.bashrc", ""),
    ],
)
def test_a_path_tells_whose_home_it_is_in(path: str, home: str) -> None:
    assert home_of(path) == home
