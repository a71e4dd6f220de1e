"""What is told of ends of servers and runners, and which settings are offered."""

import msgspec

from ollama_panel.core.crash_alerts import FIT_TARGET
from ollama_panel.core.incident_groups import Happened
from ollama_panel.core.machine_alerts import machine_alerts
from ollama_panel.core.notices import ChangePools
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.crash_causes import Cause
from ollama_panel.core.ollama.incident import Incident, Kind
from ollama_panel.core.ollama.serverlog_facts import Crashed
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.snapshot import MachineAlert
from tests.core.test_machine_alerts import CHAT, LLAMA, MACHINE, instance

NO_ROOM = msgspec.structs.replace(MACHINE, budget=6 * GIB)


def alert(cause: Cause, machine=MACHINE, *, times: int = 1, runner: bool = False, managed: bool = True) -> MachineAlert:
    kind = Kind.RUNNER_CRASHED if runner else Kind.CRASHED
    fact = Crashed(cause, ("a line of the log",), signal="SIGKILL", runner=runner)
    incident = Incident(kind, 1.0, 2.0, (LLAMA.blob,), (fact,), times)
    (found,) = machine_alerts([Happened(instance(managed=managed), incident)], machine)
    return found


def test_a_crash_says_who_ended_and_what_to_do() -> None:
    found = alert(Cause.KILLED)
    assert render(found.told).startswith(
        "chat-1 ended by itself: It was ended by SIGKILL, and nothing says that memory"
    )
    assert (found.code, found.instances, found.impairs, found.offers) == ("crashed", ("chat-1",), True, ())


def test_repeated_crashes_are_counted() -> None:
    assert render(alert(Cause.FAULT, times=3).told).startswith("chat-1 ended by itself, 3 times within an hour: The")
    again = alert(Cause.FAULT, times=2, runner=True)
    assert render(again.told).startswith("llama3.1:8b: its runner at chat-1 ended by itself, 2 times within an hour: ")
    assert (again.code, again.model) == ("runner_crashed", "llama3.1:8b")


def test_short_memory_offers_what_the_forecast_says_fits() -> None:
    offers = alert(Cause.MEMORY, NO_ROOM).offers
    assert all(isinstance(one, ChangePools) for one in offers)
    assert offers == alert(Cause.GPU_MEMORY, NO_ROOM).offers


def test_where_the_forecast_did_not_see_it_coming_less_of_each_is_offered() -> None:
    room = msgspec.structs.replace(MACHINE, budget=100 * GIB)
    context, slots = (ChangePools((CHAT,), context_length=16_384), ChangePools((CHAT,), parallel=1))
    assert alert(Cause.MEMORY, room).offers == (context, slots)
    fewer_layers = ChangePools((CHAT,), environment=((FIT_TARGET, "2048"),))
    assert alert(Cause.GPU_MEMORY, room).offers == (context, slots, fewer_layers)


def test_a_server_that_is_not_ours_gets_words_alone() -> None:
    assert alert(Cause.MEMORY, managed=False).offers == ()
