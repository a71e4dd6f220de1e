"""`gpu [status]|release|resume` against a stand-in for the panel."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.gpu_yield import YieldCause, YieldRecord, YieldState
from ollama_panel.core.gpu_yield_told import told
from ollama_panel.core.notices import notice
from tests.cli.conftest import Outcome
from tests.cli.stand_in import StandIn, standing_in

Panel = Callable[..., Outcome]
PROGRAM = YieldCause.PROGRAM
GIVEN = YieldRecord(
    YieldState.YIELDED,
    PROGRAM,
    told(YieldState.YIELDED, PROGRAM, "blender", 30.0, gpu=True),
    "blender",
    waiting=12,
    freed=6 << 30,
    notes=(notice("gpu_yield.restarted", instance="chat-1"),),
)
FINISHING = YieldRecord(
    YieldState.FINISHING,
    YieldCause.USER,
    told(YieldState.FINISHING, YieldCause.USER, "", 30.0, gpu=True),
    running=3,
    waiting=1,
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    with standing_in(tmp_path) as stand_in:
        stand_in.on("GET /panel/v1/gpu", msgspec.to_builtins(GIVEN))
        stand_in.on("POST /panel/v1/gpu/release", msgspec.to_builtins(FINISHING), 202)
        stand_in.on("POST /panel/v1/gpu/resume", msgspec.to_builtins(YieldRecord()))
        yield stand_in


def test_it_says_who_has_the_gpu(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    assert panel("gpu", "--state-dir", tmp_path).out.splitlines() == [
        "The GPU is given to other programs (blender runs): requests wait until that has been over for 30 s.",
        "6.0 GiB became free, 12 wait.",
        "chat-1 held memory without a model, and was restarted.",
    ]


def test_it_is_given_away_at_once_or_waited_for(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    assert panel("gpu", "release", "--state-dir", tmp_path).out.splitlines() == [
        "The GPU is being given to other programs (you said so): what runs ends first, new requests wait.",
        "3 still run, 1 wait.",
    ]
    assert panel("gpu", "release", "--cut", "--wait", "--state-dir", tmp_path).status == 0
    assert [one.path for one in server.asked] == [
        "/panel/v1/gpu/release",
        "/panel/v1/gpu/release?cut=true&wait=true",
    ]


def test_it_is_taken_back(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    assert (
        panel("gpu", "resume", "--state-dir", tmp_path).out
        == "Requests are served: nothing is given to other programs.\n"
    )


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("blender", "You have taken the GPU back from blender: it is not given to that before it has ended once.\n"),
        (
            "",
            "You have taken the GPU back from programs that use it: it is not given away by itself before they have "
            "stopped once.\n",
        ),
    ],
)
def test_a_refusal_is_said(panel: Panel, server: StandIn, tmp_path: Path, program: str, said: str) -> None:
    server.on("POST /panel/v1/gpu/resume", msgspec.to_builtins(YieldRecord(program=program, refused=True)))
    assert panel("gpu", "resume", "--state-dir", tmp_path).out == said


def test_programs_get_the_whole_record(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    printed = json.loads(panel("gpu", "status", "--json", "--state-dir", tmp_path).out)
    assert (printed["state"], printed["program"]) == ("yielded", "blender")
