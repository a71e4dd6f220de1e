"""What people see about the panel's state, and what can be done about it."""

import msgspec
import pytest

from ollama_panel.core.alerts import Alert, AlertTimes, Health, alerts, health
from ollama_panel.core.bypass import RECENT_S, BypassRecord, Origin
from ollama_panel.core.findings import Remedy
from ollama_panel.core.gpu_yield import YieldCause, YieldRecord, YieldState
from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import ChangePools, FollowUpdates, Notice, RaiseContext, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import Problem, Settings
from ollama_panel.core.snapshot import InstanceRecord, MachineAlert, PoolRecord, ProxyRecord, Snapshot
from ollama_panel.core.takeover import StepBy, StepKind, StepState, Takeover, TakeoverStage, TakeoverStep
from ollama_panel.core.watchdog_record import WatchdogRecord, WatchdogState
from ollama_panel.core.watchdog_told import restarted

CHAT = PoolName("chat")
SERVING = ProxyRecord(True, "http://127.0.0.1:11435", port=11435)
TAKEN = notice("proxy.port_taken", host="127.0.0.1", port=11435, owner=notice("port.owner", name="nginx", pid=7))
DIED = notice("process.exited", code=1)
GONE = notice("instance.gone", url="http://127.0.0.1:11434")
RETRY = notice("instance.again_soon", why=DIED, number=2, all=5)
AGAIN = notice("instance.starting_again", why=DIED, number=2, all=5)
GAVE_UP = notice("instance.gave_up", why=DIED, tries=5)


def instance(
    number: int, phase: Phase = Phase.READY, detail: Notice | None = None, managed: bool = True
) -> InstanceRecord:
    name = InstanceId(f"chat-{number}")
    return InstanceRecord(
        name, CHAT, Role.CHAT, managed, f"http://127.0.0.1:1150{number}", phase, number, detail=detail
    )


def state(*instances: InstanceRecord, **changes: object) -> Snapshot:
    fields: dict[str, object] = {"proxy": SERVING, "instances": instances or (instance(1),)}
    return Snapshot(at=1.0, settings=Settings(), **(fields | changes))  # type: ignore[arg-type]


def texts(snapshot: Snapshot) -> list[str]:
    return [render(alert.told) for alert in alerts(snapshot)]


def test_a_panel_that_serves_is_well_and_has_no_alert() -> None:
    assert (alerts(state()), health(state())) == ((), Health.WELL)


def test_a_panel_that_is_starting_says_nothing_of_what_is_not_tried_yet() -> None:
    fresh = Snapshot(at=0.0, settings=Settings(), starting=True)
    assert (alerts(fresh), health(fresh)) == ((), Health.STARTING)


@pytest.mark.parametrize(
    ("snapshot", "expected", "remedies", "well"),
    [
        (state(proxy=ProxyRecord()), "The proxy is off: clients are not answered.", (Remedy.SWITCH_ON,), False),
        (
            state(second_proxy=ProxyRecord(problem=TAKEN)),
            "Clients that call 127.0.0.1:11435 do not reach the panel: The proxy cannot listen on 127.0.0.1:11435: "
            "nginx (process 7) has that port. Stop it, or choose another port.",
            (Remedy.LISTEN_AGAIN,),
            False,
        ),
        (
            state(paused=True, pools=(PoolRecord(CHAT, Role.CHAT, queued=12),)),
            "The queue is paused: requests wait until you resume it (12 now).",
            (Remedy.RESUME,),
            False,
        ),
        (
            state(instance(1, Phase.STOPPED)),
            "All instances are stopped: requests wait until you start one.",
            (Remedy.START_ALL,),
            False,
        ),
        (state(demo=True, demo_asked=True), render(notice("demo.asked")), (), True),
        (state(demo=True), render(notice("demo")), (Remedy.INSTALL,), True),
    ],
)
def test_what_does_not_serve_says_so_and_offers_the_way_back(
    snapshot: Snapshot, expected: str, remedies: tuple[Remedy, ...], well: bool
) -> None:
    (alert,) = alerts(snapshot)
    assert (render(alert.told), alert.remedies) == (expected, remedies)
    assert health(snapshot) is (Health.WELL if well else Health.IMPAIRED)


def test_a_taken_port_offers_the_next_one_and_says_who_has_it() -> None:
    taken = state(proxy=ProxyRecord(problem=TAKEN))
    (alert,) = alerts(taken)
    assert "nginx (process 7) has that port" in render(alert.told)
    assert alert.remedies == (Remedy.USE_NEXT_PORT, Remedy.LISTEN_AGAIN)
    assert health(taken) is Health.DOWN
    other = notice("proxy.no_host", host="no.where", port=1)
    assert alerts(state(proxy=ProxyRecord(problem=other)))[0].remedies == (Remedy.LISTEN_AGAIN,)


def test_a_dead_engine_is_the_only_thing_to_say_of_the_state() -> None:
    dead = state(fatal=notice("engine.stopped", error="OSError"), paused=True, proxy=ProxyRecord())
    (alert,) = alerts(dead)
    assert (alert.remedies, alert.closable) == ((Remedy.RESTART_ENGINE, Remedy.OPEN_LOG), False)
    assert health(dead) is Health.DOWN


@pytest.mark.parametrize(
    ("broken", "level", "expected"),
    [
        (instance(2, Phase.BACKOFF, RETRY), Level.WARNING, "It is started again (try 2 of 5)."),
        (instance(2, Phase.STARTING, AGAIN), Level.WARNING, "It is being started again (try 2 of 5)."),
        (instance(2, Phase.FAILED, GAVE_UP), Level.ERROR, "After 5 tries the panel gave up"),
    ],
)
def test_an_instance_that_keeps_failing_is_told_with_its_reason_at_once(
    broken: InstanceRecord, level: Level, expected: str
) -> None:
    (alert,) = alerts(state(instance(1), broken))
    assert render(alert.told).startswith("chat-2: The server ended with exit code 1.")
    assert expected in render(alert.told)
    assert (alert.told.level, alert.remedies, alert.instances) == (level, (Remedy.START,), ("chat-2",))
    assert health(state(instance(1), broken)) is (Health.DOWN if level is Level.ERROR else Health.IMPAIRED)
    assert health(state(broken)) is Health.DOWN, "nobody serves"


def test_an_instance_that_is_tried_again_stays_one_alert() -> None:
    topics = [
        alerts(state(instance(1, phase, detail)))[0].topics
        for phase, detail in ((Phase.BACKOFF, RETRY), (Phase.STARTING, AGAIN))
    ]
    assert topics[0] == topics[1]
    assert alerts(state(instance(1, Phase.FAILED, GAVE_UP)))[0].topics != topics[0]


def test_instances_with_one_reason_are_told_and_started_together() -> None:
    both = state(instance(1, Phase.BACKOFF, RETRY), instance(2, Phase.STARTING, AGAIN), instance(3))
    (alert,) = alerts(both)
    assert render(alert.told) == "chat-1 and chat-2: The server ended with exit code 1."
    assert alert.instances == ("chat-1", "chat-2")


def test_a_server_that_is_not_ours_cannot_be_started_and_is_no_failure_while_it_is_found() -> None:
    found = instance(2, Phase.STARTING, notice("instance.adopted"), managed=False)
    assert alerts(state(instance(1), found)) == ()
    (alert,) = alerts(state(instance(1), instance(2, Phase.BACKOFF, GONE, managed=False)))
    assert (alert.remedies, alert.told.level) == ((), Level.WARNING)


def test_a_failed_rollout_speaks_for_its_instance() -> None:
    failed = Problem("instances", notice("rollout.failed", instance="chat-1", why=GAVE_UP))
    (alert,) = alerts(state(instance(1, Phase.FAILED, GAVE_UP), problems=(failed,)))
    assert "The others stay as they are." in render(alert.told)
    assert (alert.remedies, alert.instances) == ((Remedy.START,), ("chat-1",))
    assert alerts(state(problems=(failed,)))[0].remedies == ()


def test_when_no_more_successors_are_started_another_try_is_offered() -> None:
    given_up = Problem("instances", notice("rollout.successors_failed", instance="chat-1", count=4, why=GAVE_UP))
    (alert,) = alerts(state(instance(1), problems=(given_up,)))
    assert (alert.remedies, alert.instances) == ((Remedy.ROLL_OUT,), ())


def test_what_is_not_as_one_might_think_while_others_have_the_gpu_is_an_alert_of_its_own() -> None:
    held = notice("gpu_yield.still_loaded", instance="chat-1", models=("a:latest",))
    others = notice("gpu_yield.others_models", instance="adopted-11434", models=("b:latest",))
    told = notice("gpu_yield.given", why=notice("gpu_yield.by_user"))
    away = YieldRecord(YieldState.YIELDED, YieldCause.USER, told, since=7.0, notes=(others, held))
    found = {one.told: (one.remedies, one.instances, one.since) for one in alerts(state(gpu_yield=away))}
    assert found == {
        held: ((Remedy.RESTART,), ("chat-1",), 7.0),
        told: ((Remedy.TAKE_GPU_BACK,), (), 7.0),
        others: ((), (), 7.0),
    }
    assert len({topic for one in alerts(state(gpu_yield=away)) for topic in one.topics}) == 3
    serving = msgspec.structs.replace(away, state=YieldState.SERVING, told=None)
    assert alerts(state(gpu_yield=serving)) == ()


HANGS = notice("watchdog.hung", model="a:latest", instance="chat-1", silent=90.0)
HUNG = WatchdogRecord(WatchdogState.HUNG, HANGS)
AGAIN_HUNG = notice("watchdog.exhausted", model="a:latest", instance="chat-1", times=3)
EXHAUSTED = WatchdogRecord(WatchdogState.EXHAUSTED, AGAIN_HUNG)


@pytest.mark.parametrize(("record", "well"), [(HUNG, Health.IMPAIRED), (EXHAUSTED, Health.DOWN)])
def test_a_hung_instance_is_told_once_and_offers_a_restart(record: WatchdogRecord, well: Health) -> None:
    detail = notice("instance.runner_silent", models=("a:latest",))
    hung = msgspec.structs.replace(instance(1), silent=("a:latest",), detail=detail, watchdog=record)
    (alert,) = alerts(state(hung))
    assert (alert.told, alert.remedies) == (record.told, (Remedy.RESTART,))
    assert health(state(hung)) is well


def test_an_instance_that_is_only_asked_is_in_no_trouble() -> None:
    told = notice("watchdog.asking", model="a:latest", instance="chat-1", silent=90.0, missed=1, all=3)
    asked = msgspec.structs.replace(instance(1), watchdog=WatchdogRecord(WatchdogState.ASKING, told))
    assert (alerts(state(asked)), health(state(asked))) == ((), Health.WELL)


def test_a_stalled_instance_offers_a_restart() -> None:
    silent = msgspec.structs.replace(
        instance(1), silent=("a:latest",), detail=notice("instance.runner_silent", models=("a:latest",))
    )
    (alert,) = alerts(state(silent))
    assert (alert.remedies, alert.instances) == ((Remedy.RESTART,), ("chat-1",))
    assert health(state(silent)) is Health.IMPAIRED


def test_the_most_serious_comes_first_and_settings_do_not_make_the_panel_ill() -> None:
    wrong = notice("setting.not_that", expected=notice("expected.whole"), given="x")
    problems = (
        Problem("proxy.heartbeat_plain", notice("setting.heartbeat_on")),
        Problem("proxy.port", notice("setting.replaced", wrong=wrong, used=11435)),
        Problem("ollama.binary", notice("program.missing", path="/opt/ollama")),
    )
    found = alerts(state(problems=problems))
    assert [alert.told.level for alert in found] == [Level.ERROR, Level.WARNING, Level.INFO]
    assert health(state(problems=problems)) is Health.WELL


def test_what_says_the_same_with_other_numbers_is_the_same() -> None:
    def swapping(size: int) -> Alert:
        return alerts(state(problems=(Problem("proxy", notice("memory.swaps", size=size)),)))[0]

    def typed(given: str) -> Alert:
        wrong = notice("setting.not_that", expected=notice("expected.whole"), given=given)
        return alerts(state(problems=(Problem("proxy.port", wrong),)))[0]

    assert swapping(10**9).topics == swapping(2 * 10**9).topics
    assert typed("x").topics != typed("y").topics


def test_a_notice_carries_its_offer() -> None:
    offer = RaiseContext((CHAT,), 16_384)
    advice = notice("advice.raise_context")
    told = notice("prompt_cut.from_to", model="a", tokens=9000, client="web", kept=4096, advice=advice).offering(offer)
    (alert,) = alerts(state(notices=(told,)))
    assert (alert.told, alert.remedies) == (told, (offer,))
    assert health(state(notices=(told,))) is Health.WELL


SPILLED = MachineAlert(
    "layers_spilled",
    notice("layers_spilled", model="m:1", on_gpu=21, layers=33, advice=notice("fits.unknown")),
    since=0.5,
    where=CHAT,
    model=ModelName("m:1"),
    instances=(InstanceId("chat-1"),),
    times=2,
    offers=(ChangePools((CHAT,), context_length=8192),),
    impairs=True,
)


def test_what_goes_wrong_at_the_machine_is_an_alert_with_its_offers() -> None:
    (found,) = alerts(state(machine_alerts=(SPILLED,)))
    assert (found.code, found.model, found.since, found.times) == ("layers_spilled", "m:1", 0.5, 2)
    assert (found.remedies, found.instances) == (SPILLED.offers, SPILLED.instances)
    later = msgspec.structs.replace(SPILLED, told=notice("layers_spilled", **{**SPILLED.told.values, "on_gpu": 7}))
    assert alerts(state(machine_alerts=(later,)))[0].topics == found.topics, "its numbers are not what it is about"


def test_a_restart_is_offered_where_it_may_help_and_the_server_is_ours() -> None:
    lost = msgspec.structs.replace(SPILLED, offers=(), restart=True)
    assert alerts(state(machine_alerts=(lost,)))[0].remedies == (Remedy.RESTART,)
    adopted = instance(1, managed=False)
    assert alerts(state(adopted, machine_alerts=(lost,)))[0].remedies == ()


def test_it_impairs_the_panel_only_if_requests_are_served_worse_for_it() -> None:
    assert health(state(machine_alerts=(SPILLED,))) is Health.IMPAIRED
    assert health(state(machine_alerts=(msgspec.structs.replace(SPILLED, impairs=False),))) is Health.WELL


def test_programs_that_go_past_the_panel_are_told_with_the_way_to_change_that() -> None:
    rag = BypassRecord(Origin.PROGRAM, "http://127.0.0.1:11434", "rag.py", 7, connections=3, first_seen=0.5)
    (found,) = alerts(state(bypassing=(rag,)))
    assert (found.code, found.remedies, found.since) == ("bypass", (Remedy.CONNECT,), 0.5)
    assert "rag.py (process 7)" in render(found.told)
    more = msgspec.structs.replace(rag, connections=24, pid=8)
    assert alerts(state(bypassing=(more,)))[0].topics == found.topics, "its numbers are not what it is about"
    both = alerts(state(bypassing=(rag, msgspec.structs.replace(rag, name="chat.py"))))
    assert both[0].topics > found.topics, "one that was dismissed comes again with another program"


def test_programs_that_have_left_are_told_no_more() -> None:
    gone = BypassRecord(Origin.PROGRAM, "http://127.0.0.1:11434", "rag.py", 7, last_seen=1.0)
    now = msgspec.structs.replace(state(bypassing=(gone,)), at=2.0 + RECENT_S)
    assert alerts(now) == ()


def test_every_alert_has_a_code_for_programs() -> None:
    problem = Problem("proxy.port", notice("setting.ignored", wrong=notice("setting.unknown")))
    cut = notice("prompt_cut.unknown", model="m:1", client="web", advice=notice("advice.trained"))
    snapshot = state(instance(1, Phase.FAILED, GAVE_UP), problems=(problem,), notices=(cut,), paused=True)
    found = {alert.code for alert in alerts(snapshot)}
    assert found == {"instance.gave_up", "setting.ignored", "prompt_cut", "state.paused"}


def test_alerts_that_do_not_know_their_beginning_have_the_time_when_they_were_first_seen() -> None:
    times = AlertTimes()
    paused = state(paused=True)
    assert [one.since for one in times.of(alerts(paused), 10.0)] == [10.0]
    assert [one.since for one in times.of(alerts(state(paused=True, machine_alerts=(SPILLED,))), 20.0)] == [10.0, 0.5]
    assert times.of(alerts(state()), 30.0) == ()
    assert [one.since for one in times.of(alerts(paused), 40.0)] == [40.0]


def test_each_restart_of_a_hung_instance_is_an_alert_of_its_own_with_its_time() -> None:
    def hung(name: str, folder: str) -> Notice:
        return restarted(InstanceId(name), (ModelName("m:1"),), 13.0, folder)

    def since(at: float, *notices: Notice) -> list[float | None]:
        return [one.since for one in times.of(alerts(state(notices=notices)), at)]

    times = AlertTimes()
    assert since(10.0, hung("chat-1", "/a")) == [10.0]
    assert since(20.0, hung("chat-1", "/a"), hung("chat-2", "/b")) == [10.0, 20.0]
    assert since(30.0, hung("chat-1", "/c"), hung("chat-2", "/b")) == [30.0, 20.0]
    bare = [alerts(state(notices=(hung(name, ""),)))[0].topics for name in ("chat-1", "chat-2")]
    assert bare[0] != bare[1], "one that is closed does not hide the other"


def moving(stage: TakeoverStage = TakeoverStage.MOVING, **changes: object) -> Takeover:
    told = notice("takeover.reload")
    step = TakeoverStep(StepKind.RELOAD, StepBy.ROOT, told, told, ("sudo systemctl daemon-reload",))
    return msgspec.structs.replace(Takeover(stage, "127.0.0.1:11434", steps=(step,)), **changes)


def test_a_take_over_is_told_while_it_waits_for_somebody() -> None:
    def remedies(one: Takeover) -> list[tuple[object, ...]]:
        return [alert.remedies for alert in alerts(state(takeover=one))]

    on, back = Remedy.TAKE_OVER, Remedy.UNDO_TAKE_OVER
    assert remedies(moving()) == remedies(moving(TakeoverStage.TAKEN)) == []
    assert remedies(moving(interrupted=True)) == [(on, back)]
    assert remedies(moving(TakeoverStage.RETURNING, interrupted=True)) == [(back, on)]
    (step,) = moving().steps
    waiting = msgspec.structs.replace(step, state=StepState.WAITING)
    assert remedies(moving(steps=(waiting,))) == [(on, back)]
    failed = msgspec.structs.replace(step, state=StepState.FAILED, problem=notice("takeover.refused"))
    assert remedies(moving(steps=(failed,))) == [(on, back)]


def test_who_has_come_back_to_an_address_that_was_taken_over_is_moved_by_the_same_command() -> None:
    taken = state(takeover=moving(TakeoverStage.TAKEN), second_proxy=ProxyRecord(problem=TAKEN))
    assert [alert.remedies for alert in alerts(taken)] == [(Remedy.TAKE_OVER, Remedy.LISTEN_AGAIN)]


def test_workers_that_do_not_follow_an_update_can_be_restarted_or_follow() -> None:
    left = (InstanceId("chat-1"), InstanceId("chat-2"))
    told = notice("updates.off", before="0.32.15", after="0.33.0", instances=left).offering(FollowUpdates())
    (alert,) = alerts(state(notices=(told,)))
    assert (alert.remedies, alert.instances) == ((Remedy.RESTART, FollowUpdates()), left)
