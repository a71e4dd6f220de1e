"""What held requests up, told by marks of when they came and when they went."""

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.records import Job, RequestClass, Role
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.timeline.waits import SERVED_KEPT, Served, Spell, Wait, Waits, Who

MODEL = ModelName("a:latest")


def job(client: str, model: ModelName = MODEL) -> Job:
    kind = RequestClass.INTERACTIVE
    return Job(RequestId("r"), ClientId(client), kind, Role.CHAT, model, "/api/chat", stream=True)


class Harness:
    def __init__(self) -> None:
        self.waits = Waits()
        self.served = dict[Who, Served]()
        self.waits.instance(InstanceId("chat-1"), 0.0, up=True)

    def start(self, client: str, at: float = 0.0, model: ModelName = MODEL) -> Who:
        who = Who(client)
        self.served[who] = self.waits.started(job(client, model), who, at)
        return who

    def stop(self, who: Who, at: float = 0.0) -> None:
        self.waits.stopped(self.served[who], who, at)


def test_who_ran_or_was_served_while_it_waited_went_before_it() -> None:
    harness = Harness()
    harness.stop(harness.start("early"))
    running = harness.start("flood")
    mark, who = harness.waits.began(job("chat"), 1.0), Who("chat")
    harness.start("flood")
    harness.start("ann")
    harness.start("flood", model=ModelName("other:latest"))
    harness.stop(running)
    wait = harness.waits.ended(mark, job("chat"), who, 9.0)
    harness.start("late")
    assert wait.ahead() == {"flood": 2, "ann": 1}


def test_a_request_that_is_served_twice_is_counted_once() -> None:
    harness = Harness()
    running = harness.start("flood")
    mark, who = harness.waits.began(job("chat"), 1.0), Who("chat")
    harness.stop(running)
    harness.waits.started(job("flood"), running, 2.0)
    assert harness.waits.ended(mark, job("chat"), who, 9.0).ahead() == {"flood": 1}


def test_its_own_attempts_do_not_count() -> None:
    harness = Harness()
    who = harness.start("chat")
    harness.stop(who)
    mark = harness.waits.began(job("chat"), 1.0)
    harness.waits.started(job("chat"), who, 2.0)
    assert harness.waits.ended(mark, job("chat"), who, 9.0).ahead() == {}


def test_those_who_wait_at_the_same_time_share_who_runs() -> None:
    harness = Harness()
    harness.start("flood")
    first, second = (harness.waits.began(job("chat"), 1.0) for _ in range(2))
    assert first.running is second.running


def test_only_the_last_ones_served_are_remembered() -> None:
    served = Served()
    for _ in range(2 * SERVED_KEPT + 1):
        served.started(Who("flood"))
    assert len(served.log) == SERVED_KEPT + 1
    assert served.place == 2 * SERVED_KEPT + 1


def waited(harness: Harness, at: float = 0.0, client: str = "chat") -> Wait:
    mark = harness.waits.began(job(client), at)
    return harness.waits.ended(mark, job(client), Who(client), at + 10.0)


def test_a_pause_counts_for_those_that_wait_meanwhile() -> None:
    harness = Harness()
    mark = harness.waits.began(job("chat"), 1.0)
    harness.waits.configured(Policy(paused=True), 2.0)
    harness.waits.configured(Policy(), 5.0)
    assert harness.waits.ended(mark, job("chat"), Who("chat"), 9.0).paused_s == 3.0
    harness.waits.configured(Policy(paused=True), 10.0)
    assert waited(harness, 20.0).paused_s == 10.0


def test_the_time_in_which_the_gpu_is_given_to_others_counts_by_itself() -> None:
    harness = Harness()
    mark = harness.waits.began(job("chat"), 1.0)
    harness.waits.configured(Policy(given=notice("waiting.given")), 2.0)
    harness.waits.configured(Policy(given=notice("waiting.given"), paused=True), 5.0)
    harness.waits.configured(Policy(), 6.0)
    held = harness.waits.ended(mark, job("chat"), Who("chat"), 9.0)
    assert (held.given_s, held.paused_s) == (3.0, 1.0)


def test_so_does_a_time_without_any_instance() -> None:
    harness = Harness()
    mark = harness.waits.began(job("chat"), 1.0)
    harness.waits.instance(InstanceId("chat-1"), 2.0, up=False)
    harness.waits.instance(InstanceId("chat-2"), 6.0, up=True)
    harness.waits.instance(InstanceId("chat-2"), 7.0, up=True)
    assert harness.waits.ended(mark, job("chat"), Who("chat"), 9.0).down_s == 4.0


def test_and_a_load_of_its_model() -> None:
    harness = Harness()
    mark = harness.waits.began(job("chat"), 1.0)
    harness.waits.loading(MODEL, 2.0, on=True)
    harness.waits.loading(ModelName("other:latest"), 3.0, on=True)
    harness.waits.loading(MODEL, 5.0, on=False)
    assert harness.waits.ended(mark, job("chat"), Who("chat"), 9.0).loading_s == 3.0


def test_the_limit_of_its_client_counts_while_so_many_run() -> None:
    harness = Harness()
    harness.waits.configured(Policy(limits={"flood": 2}), 0.0)
    first, _ = harness.start("flood", 1.0), harness.start("flood", 2.0)
    mark = harness.waits.began(job("flood (pid 7)"), 3.0)
    harness.stop(first, 8.0)
    wait = harness.waits.ended(mark, job("flood"), Who("flood"), 9.0)
    assert (wait.limited_s, wait.limit) == (5.0, 2)


def test_a_limit_that_is_laid_down_or_lifted_counts_from_then_on() -> None:
    harness = Harness()
    harness.start("flood", 1.0)
    mark = harness.waits.began(job("flood"), 2.0)
    harness.waits.configured(Policy(limits={"flood": 1}), 3.0)
    harness.waits.configured(Policy(), 5.0)
    wait = harness.waits.ended(mark, job("flood"), Who("flood"), 9.0)
    assert (wait.limited_s, wait.limit) == (2.0, None)


def test_a_renamed_request_counts_for_its_new_name() -> None:
    harness = Harness()
    harness.waits.configured(Policy(limits={"flood": 1}), 0.0)
    who = harness.start("127.0.0.1")
    harness.waits.renamed(who, ClientId("flood (pid 7)"), 1.0, runs=True)
    wait = waited(harness, 2.0, "flood")
    assert (wait.limited_s, wait.ahead()) == (10.0, {"flood": 1})


def test_a_spell_adds_up() -> None:
    spell = Spell()
    for at, on in ((1.0, True), (2.0, True), (3.0, False), (4.0, False), (5.0, True)):
        spell.turn(at, on=on)
    assert spell.seconds(7.0) == 4.0
