"""The records of what is done of found servers."""

import pytest

from ollama_panel.core.replacements import Control, Means, Replacement, Stage
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind

SERVER = FoundServer("812", 812, 1.0, Owner(OwnerKind.SYSTEM_UNIT, "ollama.service"))


@pytest.mark.parametrize(
    ("means", "stage", "todo"),
    [
        (Means.USER, Stage.STOPPING, ("stop it",)),
        (Means.USER, Stage.REPLACED, ()),
        (Means.USER, Stage.RETURNING, ("start it",)),
        (Means.COMMAND, Stage.STOPPING, ()),
        (Means.SIGNAL, Stage.RETURNING, ()),
    ],
)
def test_the_user_types_only_what_the_panel_cannot_do(means: Means, stage: Stage, todo: tuple[str, ...]) -> None:
    assert Replacement("812", SERVER, stage, Control(means, ("stop it",), ("start it",))).todo == todo
