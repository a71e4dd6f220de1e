import pytest

from ollama_panel.cli.apply_arguments import require
from ollama_panel.cli.arguments import parse
from ollama_panel.cli.parsers import UsageError


@pytest.mark.parametrize(
    "words",
    [
        ["systemd"],
        ["systemd", "--apply"],
        ["systemd", "--apply", "--yes", "--now", "--host", "ann@box"],
        ["systemd", "--undo", "--host", "box"],
        [],
    ],
)
def test_arguments_that_fit_each_other(words: list[str]) -> None:
    require(parse(["export", *words]))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["systemd", "--apply", "--undo"], "exclude each other"),
        (["--apply"], "need a TARGET"),
        (["systemd", "--apply", "--out", "a"], "writes where"),
        (["systemd", "--undo", "--out", "a"], "writes where"),
        (["systemd", "--apply", "--check"], "writes where"),
        (["systemd", "--yes"], "belong to --apply or --undo"),
        (["systemd", "--host", "box"], "belong to --apply or --undo"),
        (["systemd", "--apply", "--host=-oProxyCommand=x"], "no destination for ssh"),
    ],
)
def test_arguments_that_do_not(words: list[str], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        require(parse(["export", *words]))
