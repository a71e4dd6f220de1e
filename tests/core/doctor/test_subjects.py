"""What there is nothing of is neither well nor unknown: the report leaves it out."""

import pytest

from ollama_panel.core.doctor import examine, status_of
from ollama_panel.core.doctor.check import Check
from ollama_panel.core.doctor.checks import CHECKS
from ollama_panel.core.doctor.facts import Facts, MachineFacts, Unseen
from ollama_panel.core.doctor.unseen import not_made
from ollama_panel.core.findings import CheckState
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.telemetry import GpuReading, GpuVendor
from tests.core.doctor.panels import facts, panel

NOTHING = Facts(machine=MachineFacts(memory_total=1 << 34, memory_available=1 << 33, clock_ahead_s=0.0))
SERVER = FoundServer("ollama.service", 7, 0.0, Owner(OwnerKind.SYSTEM_UNIT, "ollama.service"), version="0.32.15")
UNSEEN = tuple(not_made(Unseen(what, notice("doctor.no_clock")) for what in ("system", "x", "docker")))


def well(given: Facts) -> set[str]:
    return {one.id for one in examine(given).checks if one.state is CheckState.WELL}


def test_of_a_machine_without_ollama_only_the_machine_is_well() -> None:
    assert well(NOTHING) == {"memory.swap", "memory.clock"}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_check_with_nothing_to_look_at_is_not_among_the_well_ones(check: Check) -> None:
    (*_, result) = [*examine(Facts(), checks=(check,)).checks, None]
    assert result is None or result.state is not CheckState.WELL


def test_without_a_card_nothing_is_said_of_cards() -> None:
    without = Facts(servers=(SERVER,))
    card = GpuReading("0000:01:00.0", "NVIDIA GeForce RTX 3090", GpuVendor.NVIDIA, memory_total=24 << 30)
    assert not any(one.startswith("graphics.") for one in well(without))
    assert {"graphics.found", "graphics.driver"} <= well(Facts(servers=(SERVER,), gpus=(card,)))


def test_without_requests_nothing_is_said_of_them() -> None:
    assert not any(one.startswith("requests.f") for one in well(facts(panel())))
    assert "requests.failed" in well(facts(panel(served=3)))


def test_a_machine_of_which_nothing_can_be_seen_could_not_be_looked_at() -> None:
    why = notice("looking.no_log", command="journalctl")
    blind = Facts(unseen=(Unseen("processes", why), Unseen("system", why)))
    assert status_of(examine(blind)) == 3


@pytest.mark.parametrize(
    "title",
    [
        *(check.title for check in CHECKS),
        *(
            one.title
            for one in not_made([Unseen(what, notice("doctor.no_clock")) for what in ("system", "x", "docker")])
        ),
    ],
    ids=render,
)
def test_a_title_begins_with_a_capital_and_has_no_full_stop(title: Notice) -> None:
    text = render(title)
    assert (text[0].isupper(), text.endswith(".")) == (True, False)
