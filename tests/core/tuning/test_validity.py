"""Whether a measurement still holds."""

import msgspec
import pytest

from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.tuning.record import Provenance
from ollama_panel.core.tuning.validity import power, problem

THEN = Provenance(
    at=1_790_000_000.0,
    hardware="NVIDIA GeForce RTX 4090",
    memory_bytes=24 * GIB,
    driver="570.86.15",
    ollama="0.32.10",
    model="llama3.1:8b",
    digest="a" * 64,
    power="mains 450 W",
    panel="0.9.0",
)


def now(**changes: object) -> Provenance:
    """Return what is there now, with changes since then."""
    return msgspec.structs.replace(THEN, at=THEN.at + 86_400, **changes)


@pytest.mark.parametrize("changes", [{}, {"panel": "1.0.0"}, {"memory_bytes": 24 * GIB - (200 << 20)}])
def test_a_measurement_holds_as_long_as_nothing_changes_that_it_depends_on(changes: dict[str, object]) -> None:
    assert problem(THEN, now(**changes)) is None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"ollama": "0.32.15"}, "Measured with Ollama 0.32.10 (now 0.32.15); tune again."),
        ({"digest": "b" * 64}, "Measured with another build of llama3.1:8b; tune again."),
        ({"driver": "580.65.06"}, "Measured with driver 570.86.15 (now 580.65.06); tune again."),
        ({"power": "battery 80 W"}, "Measured on the mains (now on its battery); tune again."),
        ({"power": "mains 350 W"}, "Measured with 450 W for its cards (now 350 W); tune again."),
        ({"hardware": "Apple M4 Max"}, "Measured on NVIDIA GeForce RTX 4090 (now Apple M4 Max); tune again."),
        ({"memory_bytes": 12 * GIB}, "Measured with 24.0 GiB for models (now 12.0 GiB); tune again."),
    ],
)
def test_what_has_changed_is_said(changes: dict[str, object], told: str) -> None:
    found = problem(THEN, now(**changes))
    assert found is not None
    assert render(found) == told


def test_all_that_has_changed_is_said_in_one_sentence() -> None:
    found = problem(THEN, now(hardware="Apple M4 Max", memory_bytes=96 * GIB, driver="", ollama="0.33.0"))
    assert found is not None
    assert render(found) == (
        "Measured on NVIDIA GeForce RTX 4090 (now Apple M4 Max) and with Ollama 0.32.10 (now 0.33.0); tune again."
    )


@pytest.mark.parametrize(
    ("on_battery", "watts", "written"),
    [(False, 450.0, "mains 450 W"), (True, None, "battery"), (None, 350.4, "350 W"), (None, 0.0, "")],
)
def test_the_power_is_written_as_it_is_read(on_battery: bool | None, watts: float | None, written: str) -> None:
    assert power(on_battery, watts) == written
    assert problem(now(power=written), now(power=written)) is None


def test_power_that_is_written_by_nobody_is_unknown() -> None:
    """As in a file that somebody has edited."""
    assert problem(now(power="a treadmill"), THEN) is None


def test_what_is_unknown_is_no_reason_to_measure_again() -> None:
    """As just after the start, before a server has told its version."""
    assert problem(THEN, Provenance(at=THEN.at)) is None
    assert problem(Provenance(at=THEN.at), now()) is None
