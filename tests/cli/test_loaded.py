"""`ollama-panel instances` against a stand-in for the panel."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.limits import LimitReason, ModelLimit
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.effective_value import EffectiveValue, Source, Unit, ValueName
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource
from ollama_panel.core.records import Role
from ollama_panel.core.snapshot import InstanceRecord
from tests.cli.conftest import Outcome
from tests.cli.stand_in import StandIn, standing_in

Panel = Callable[..., Outcome]
GIB = 1024**3

VALUES = (
    EffectiveValue(
        ValueName.CONTEXT, Unit.TOKENS, 4096, 2048, Source.LOG, notice("value.context_trained", tokens=2048)
    ),
    EffectiveValue(ValueName.LAYERS, Unit.LAYERS, 33, 33, Source.PS, whole=33),
    EffectiveValue(ValueName.WEIGHTS, Unit.BYTES, None, 5 * GIB, Source.LOG, parts={"CUDA0": 5 * GIB}),
    EffectiveValue(ValueName.DEVICES, Unit.NONE, None, ("CUDA0", "CPU"), Source.LOG),
    EffectiveValue(ValueName.THREADS, Unit.THREADS, why_not=notice("value.log_silent")),
)
MODEL = LoadedModel(ModelName("small:latest"), 6 * GIB, 6 * GIB, 2048, 2, ParallelSource.LOG, VALUES)


BOUND = notice("limit.slo_tokens", limit=1, slots=2, rate=20.0)


def record(name: str, *models: LoadedModel) -> InstanceRecord:
    url = "http://127.0.0.1:11501"
    limits = tuple(ModelLimit(one.name, 1, 2, LimitReason.SLO, BOUND) for one in models)
    return InstanceRecord(
        InstanceId(name),
        PoolName("chat"),
        Role.CHAT,
        True,
        url,
        Phase.READY,
        version="0.32.15",
        models=models,
        limits=limits,
    )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    found = (record("chat-1", MODEL), record("chat-2"))
    with standing_in(tmp_path) as stand_in:
        stand_in.on("GET /panel/v1/instances", {"at": 1.0, "instances": msgspec.to_builtins(found)})
        stand_in.on("GET /panel/v1/instances/chat-1", msgspec.to_builtins(found[0]))
        yield stand_in


def test_each_value_has_its_source_and_what_differs_or_is_unknown_its_reason(
    panel: Panel, server: StandIn, tmp_path: Path
) -> None:
    assert panel("instances", "--state-dir", tmp_path).out.splitlines() == [
        "chat-1: ready, http://127.0.0.1:11501, Ollama 0.32.15",
        "  small:latest, 6.0 GiB, of that 6.0 GiB on a GPU",
        "    requests at once: 1 of 2 slots: the SLO of 20 tokens/s",
        "                      WANTED  EFFECTIVE   READ FROM",
        "    context per slot  4,096   2,048       log line",
        "        The model was trained for 2,048 tokens.",
        "    layers on GPU     33      33 of 33    /api/ps",
        "    weights           —       5.0 GiB     log line: CUDA0 5.0 GiB",
        "    devices           —       CUDA0, CPU  log line",
        "    CPU threads       —       —           —",
        "        The log of the server does not tell.",
        "",
        "chat-2: ready, http://127.0.0.1:11501, Ollama 0.32.15",
        "  no model is loaded",
    ]


def test_one_instance_can_be_named(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    outcome = panel("instances", "chat-1", "--state-dir", tmp_path)
    assert outcome.status == 0
    assert "chat-2" not in outcome.out


def test_programs_get_all_of_it_as_json(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    answer = msgspec.json.decode(panel("instances", "chat-1", "--json", "--state-dir", tmp_path).out)
    first = answer["models"][0]["values"][0]
    assert (first["name"], first["unit"], first["wanted"], first["effective"]) == ("context", "tokens", 4096, 2048)
    assert (first["source"], first["why_not"]["code"]) == ("log", "value.context_trained")
