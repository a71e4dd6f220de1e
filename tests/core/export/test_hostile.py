"""Whatever is in the environment of a pool: each target hands it on as it is, or says in a sentence that it cannot."""

import unicodedata
from collections.abc import Mapping

import pytest
from hypothesis import example, given

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export import targets
from ollama_panel.core.export.deployment import Aspect, Target
from tests.core.export.hostile import READERS, Variables, environments
from tests.core.export.samples import TRICKY, exported, nasty, pools

BLANKS = "\0\t\n\v\f\r "
CARRYING = [target for target in targets() if Aspect.VARIABLES in target.carries]
LONG = {"LONG": "x'\"$`%" * 1_700, "LINES": "END_OF_UNIT\n[Service]\nEnvironment=A=1\n"}

with_variables = pytest.mark.parametrize("target", CARRYING, ids=lambda target: target.id)


READ_DIFFERENTLY = {"env": "'\"\\`$\n"}
"""Signs in files of variables that a shell, systemd and Compose cannot read in the same way in every combination."""


def may_be_refused(target: Target, environment: Mapping[str, str]) -> bool:
    """Return whether a target may lack a way to write these: control characters, separators, blanks at an end."""
    values = environment.values()
    if any(sign in value for value in values for sign in READ_DIFFERENTLY.get(target.id, "")):
        return True
    special = any(unicodedata.category(sign) in ("Cc", "Cn", "Zl", "Zp") for value in values for sign in value)
    return special or any(value != value.strip(BLANKS) for value in values)


def read(target: Target, environment: Mapping[str, str], **more: object) -> list[Variables]:
    return READERS[target.id](exported(target.id, pools(environment), **more))  # type: ignore[arg-type]


def test_every_target_that_carries_variables_has_a_reader() -> None:
    assert READERS.keys() == {target.id for target in CARRYING}, "add one to tests/core/export/hostile.py"


@with_variables
@given(environment=environments)
@example(environment=LONG)
@example(environment={name: value for name, value in TRICKY.items() if value == value.strip(BLANKS)})
def test_every_worker_of_the_pool_gets_the_very_values_and_no_other_worker_does(
    target: Target, environment: Mapping[str, str]
) -> None:
    try:
        workers, told = read(target, environment), {}
    except PanelError as error:
        workers, told = [], error.notice.values
    if told:
        assert may_be_refused(target, environment)
        assert (told["name"] in environment, told["pool"]) == (True, "chat")
        return
    chat, others = (workers[:2], workers[2:]) if Aspect.WORKERS in target.carries else (workers, [])
    assert [{name: one.get(name, "") for name in environment} for one in chat] == [environment] * len(chat)
    assert len(chat) == (2 if Aspect.WORKERS in target.carries else 1)
    assert not any(environment.keys() & {name for name, value in one.items() if value} for one in others)


@with_variables
def test_the_words_of_no_language_change_what_a_worker_gets(target: Target) -> None:
    assert read(target, {"A": "1"}, words=nasty) == read(target, {"A": "1"})


@with_variables
def test_a_worker_gets_nothing_that_its_settings_do_not_have(target: Target) -> None:
    """Not even one that a careless header, or another value, would make: nothing but Ollama's and the runner's."""
    workers = read(target, {"MOTD": "A=1 B=2; C=3\\"}, words=nasty)
    ours = ("OLLAMA_", "LLAMA_", "MOTD", "HOME")
    assert [name for one in workers for name in one if not name.startswith(ours)] == []
