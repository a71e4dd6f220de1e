"""One runner under watch, look by look."""

from msgspec.structs import replace

from ollama_panel.core.ids import ModelName
from ollama_panel.core.watchdog import (
    ASK_PAUSES_S,
    MISSES,
    STANDSTILL_S,
    UNASKED_MOST_S,
    Action,
    Event,
    Happened,
    Look,
    Pending,
    Watch,
    bound_s,
)
from ollama_panel.core.watchdog import worst as worst_of
from ollama_panel.core.watchdog_record import WatchdogState

EVERY_S, HUNG_S = 5.0, 60.0


class Runner:
    """A runner with a request from time 0 on, which a watch looks at every five seconds, or every second in doubt."""

    def __init__(self, look: Look) -> None:
        self.watch = Watch()
        self.seen = look
        self.now = 0.0
        self.asks = self.withdrawn = 0
        self.judged_at: float | None = None

    def until(self, end: float) -> None:
        """Look until a time."""
        while self.now < end and self.judged_at is None:
            self.look()
            self.now += EVERY_S if self.watch.state is WatchdogState.QUIET else 1.0

    def look(self) -> None:
        match self.watch.look(self.seen, HUNG_S, self.now):
            case Action.ASK:
                self.asks += 1
            case Action.WITHDRAW:
                self.withdrawn += 1
            case Action.JUDGED:
                self.judged_at = self.now

    @property
    def state(self) -> WatchdogState:
        return self.watch.state


def busy(**facts: object) -> Look:
    return replace(Look((Pending(0.0, 30.0, 300.0),), works=False, idle_slot=True), **facts)


def test_a_runner_without_requests_is_never_doubted():
    runner = Runner(Look(works=False, idle_slot=True))
    runner.until(10_000)
    assert (runner.state, runner.asks) == (WatchdogState.QUIET, 0)


def test_bytes_of_any_answer_are_a_sign_of_life():
    runner = Runner(busy())
    for second in range(0, 3600, 55):
        runner.seen = busy(requests=(Pending(0.0, 30.0, 300.0), Pending(float(second), 30.0, 300.0)))
        runner.until(second + 55)
    assert (runner.state, runner.asks) == (WatchdogState.QUIET, 0)


def test_a_runner_that_does_nothing_is_asked_three_times_before_the_verdict():
    runner = Runner(busy())
    runner.until(1000)
    assert runner.asks == MISSES
    assert runner.judged_at is not None
    assert HUNG_S + sum(ASK_PAUSES_S) < runner.judged_at <= bound_s(HUNG_S, works=False)
    assert runner.state is WatchdogState.HUNG
    assert [step.what for step in runner.watch.history][-1] is Happened.JUDGED


def test_an_answer_ends_all_doubt_and_the_next_comes_only_after_another_silence():
    runner = Runner(busy())
    for _ in range(2):
        asks = runner.asks
        while runner.asks == asks:
            runner.until(runner.now + 1)
        assert runner.watch.came(Event.ANSWERED, runner.now) is None
        assert (runner.state, runner.watch.missed) == (WatchdogState.QUIET, 0)
        answered = runner.now
        runner.until(answered + HUNG_S - EVERY_S)
        assert runner.asks == asks + 1
    assert runner.judged_at is None


def test_a_late_answer_of_an_ask_that_was_given_up_says_nothing():
    runner = Runner(busy())
    runner.until(1000)
    assert runner.watch.came(Event.ANSWERED, runner.now) is None
    assert runner.state is WatchdogState.HUNG


def test_a_byte_after_the_verdict_acquits():
    runner = Runner(busy())
    runner.until(1000)
    runner.seen = busy(requests=(Pending(runner.now, 30.0, 300.0),))
    runner.look()
    assert (runner.state, runner.watch.missed) == (WatchdogState.QUIET, 0)


def test_a_byte_withdraws_the_ask_that_is_under_way():
    runner = Runner(busy())
    while not runner.asks:
        runner.until(runner.now + 1)
    runner.seen = busy(requests=(Pending(runner.now, 30.0, 300.0),))
    runner.look()
    assert (runner.state, runner.withdrawn) == (WatchdogState.QUIET, 1)


def test_an_ask_that_gives_way_is_no_miss_and_is_made_again():
    runner = Runner(busy())
    while not runner.asks:
        runner.until(runner.now + 1)
    runner.watch.came(Event.WITHDRAWN, runner.now)
    assert runner.watch.missed == 0
    runner.until(runner.now + ASK_PAUSES_S[0] + 1)
    assert runner.asks == 2


def test_asks_in_vain_are_misses_at_once():
    runner = Runner(busy())
    verdict = None
    while verdict is None:
        asks = runner.asks
        while runner.asks == asks:
            runner.until(runner.now + 1)
        verdict = runner.watch.came(Event.IN_VAIN, runner.now)
    assert (verdict, runner.asks) == (Action.JUDGED, MISSES)


def test_one_that_computes_is_asked_later_and_has_longer_for_its_answer():
    runner = Runner(busy(works=True))
    runner.until(5 * HUNG_S)
    assert runner.asks == 0
    runner.until(5000)
    assert runner.judged_at is not None
    assert bound_s(HUNG_S, works=False) < runner.judged_at <= bound_s(HUNG_S, works=True)


def test_a_long_prompt_is_not_doubted_before_its_allowance_while_the_runner_computes():
    runner = Runner(busy(works=True, requests=(Pending(0.0, 5000.0, 5000.0),)))
    runner.until(4990)
    assert runner.asks == 0
    runner.until(5010)
    assert runner.asks == 1


def test_nothing_explains_the_silence_of_one_that_does_nothing():
    runner = Runner(busy(requests=(Pending(0.0, 1e6, 1e6),)))
    runner.until(1000)
    assert runner.judged_at is not None


def test_a_moment_of_rest_does_not_end_the_doubt_about_one_that_computes():
    runner = Runner(busy(works=True))
    while runner.judged_at is None and runner.now < 5000:
        runner.seen = busy(works=int(runner.now) % 20 != 0)
        runner.until(runner.now + 1)
    assert runner.judged_at is not None


def test_a_load_is_left_to_the_time_out_of_ollama():
    runner = Runner(busy(loading=True))
    runner.until(7200)
    assert (runner.state, runner.asks) == (WatchdogState.QUIET, 0)


def test_the_time_of_a_load_is_no_silence():
    runner = Runner(busy(loading=True))
    runner.until(3600)
    runner.seen = busy()
    runner.until(3600 + HUNG_S - EVERY_S)
    assert runner.state is WatchdogState.QUIET


def test_without_an_idle_slot_its_slots_are_asked_for():
    runner = Runner(busy(idle_slot=False, tells_slots=True))
    runner.until(1000)
    assert runner.asks == MISSES
    assert runner.judged_at is not None


def test_where_nobody_can_be_asked_only_one_that_does_nothing_is_judged():
    idle = Runner(busy(idle_slot=False))
    idle.until(1000)
    assert idle.judged_at is not None
    assert idle.judged_at <= bound_s(HUNG_S, works=False)
    for works in (True, None):
        runner = Runner(busy(idle_slot=False, works=works, requests=(Pending(0.0, 30.0, 300.0),)))
        runner.until(4 * 300)
        assert (runner.judged_at, runner.asks) == (None, 0)
        runner.until(4 * 300 + 100)
        assert runner.judged_at is not None


def test_where_nobody_can_be_asked_any_work_is_a_sign_of_life():
    runner = Runner(busy(idle_slot=False))
    for second in range(3000):
        request = Pending(0.0, 30.0, 1e6)
        runner.seen = busy(idle_slot=False, works=second % 40 == 0, requests=(request,))
        runner.until(second + 1)
    assert runner.judged_at is None


def test_a_stopped_runner_that_does_not_answer_is_judged_at_once_also_without_requests():
    runner = Runner(Look(works=False, silent=True, stopped=True))
    runner.look()
    assert runner.judged_at == 0.0


def test_one_that_is_not_stopped_has_the_usual_time_to_answer_for_its_health():
    for works, factor in ((False, 1), (True, 5), (None, 5)):
        runner = Runner(Look(works=works, silent=True))
        runner.until(factor * HUNG_S - 1)
        assert runner.judged_at is None
        runner.until(factor * HUNG_S + 10)
        assert runner.judged_at is not None


def test_health_that_comes_back_acquits():
    runner = Runner(Look(works=False, silent=True))
    runner.until(50)
    runner.seen = Look(works=False)
    runner.until(100)
    runner.seen = Look(works=False, silent=True)
    runner.until(150)
    assert runner.judged_at is None


def test_after_a_standstill_everything_is_looked_at_anew():
    runner = Runner(busy())
    runner.until(75)
    assert runner.state is WatchdogState.ASKING
    runner.now += STANDSTILL_S + 1
    back = runner.now
    runner.look()
    assert runner.state is WatchdogState.QUIET
    runner.until(back + HUNG_S - EVERY_S)
    assert runner.state is WatchdogState.QUIET


def test_the_gravest_doubt_of_an_instance_is_told():
    watches = {ModelName(name): Watch() for name in "abc"}
    assert worst_of(watches) is None
    watches[ModelName("b")].state = WatchdogState.ASKING
    watches[ModelName("c")].state = WatchdogState.HUNG
    found = worst_of(watches)
    assert found is not None
    assert found[0] == "c"


def test_where_nobody_can_be_asked_the_longest_answer_does_not_put_the_verdict_off_for_days():
    runner = Runner(busy(requests=(Pending(0.0, 30.0, 1e6),), works=True, idle_slot=False, tells_slots=False))
    runner.until(UNASKED_MOST_S - EVERY_S)
    assert runner.state is WatchdogState.ASKING
    runner.until(UNASKED_MOST_S + sum(ASK_PAUSES_S) + 3 * EVERY_S)
    assert runner.state is WatchdogState.HUNG
