"""What could not be looked at is among the checks that could not be made."""

import pytest

from ollama_panel.core.doctor import examine
from ollama_panel.core.doctor.facts import Facts, Unseen
from ollama_panel.core.doctor.unseen import not_made
from ollama_panel.core.findings import Area, CheckState
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render

WHY = notice("looking.said", what="docker", reason="permission denied")


@pytest.mark.parametrize(
    ("what", "area", "title"),
    [
        ("docker", Area.SERVERS, "The containers of docker"),
        ("process 77", Area.SERVERS, "The variables of process 77"),
        ("log of process 77", Area.SERVERS, "The log of process 77"),
        ("nvidia-smi", Area.GRAPHICS, "The graphics cards"),
        ("ports", Area.NETWORK, "The ports that are taken"),
        ("something", Area.SERVERS, "What something tells"),
    ],
)
def test_each_is_named_for_people(what: str, area: Area, title: str) -> None:
    (result,) = not_made([Unseen(what, WHY), Unseen(what, WHY)])
    assert (result.id, result.area, render(result.title)) == (f"unseen.{what}", area, title)
    assert (result.state, result.why) == (CheckState.UNKNOWN, WHY)


def test_a_report_has_them() -> None:
    report = examine(Facts(unseen=(Unseen("docker", WHY),)))
    assert report.checks[-1].id == "unseen.docker"
