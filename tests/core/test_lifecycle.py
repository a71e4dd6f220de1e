from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.lifecycle import LIMITS, Action, Event, Limits, Phase, State, step

SERVERS = pytest.mark.parametrize("server", [State(), State(adopted=True)], ids=["managed", "adopted"])


NEW = State()


def play(*events: Event, state: State = NEW, limits: Limits = LIMITS) -> tuple[State, list[Action]]:
    """Feed events one second apart; return the last state and all actions."""
    done: list[Action] = []
    for now, event in enumerate(events):
        state, actions = step(state, event, float(now), limits)
        done += actions
    return state, done


def test_a_server_that_starts_and_stops_cleanly():
    state, done = play(Event.START, Event.HEALTHY, Event.STOP, Event.EXITED)
    assert state == State()
    assert done == [Action.SPAWN, Action.TERMINATE]


def test_a_stop_that_hangs_is_killed_once():
    state, done = play(Event.START, Event.HEALTHY, Event.STOP, Event.DEADLINE)
    assert (state.phase, state.deadline) == (Phase.STOPPING, None)
    assert done[-1] is Action.KILL


def test_a_second_stop_does_not_put_off_the_kill():
    first, _ = play(Event.START, Event.HEALTHY, Event.STOP)
    second, actions = step(first, Event.STOP, 99.0)
    assert (second.deadline, actions) == (first.deadline, ())


def test_a_server_that_never_answers_is_killed_after_at_least_90_seconds_and_tried_again():
    state, _ = play(Event.START)
    assert state.deadline is not None
    assert state.deadline >= 90
    state, done = play(Event.DEADLINE, Event.EXITED, state=state)
    assert done == [Action.KILL]
    assert state.phase is Phase.BACKOFF


def test_crash_looping_gives_up():
    state, done = play(Event.START, *[Event.EXITED, Event.DEADLINE] * LIMITS.attempts)
    assert state.phase is Phase.FAILED
    assert done.count(Action.SPAWN) == LIMITS.attempts


def test_crashing_just_after_getting_ready_also_gives_up():
    state, _ = play(Event.START, *[Event.HEALTHY, Event.EXITED, Event.DEADLINE] * LIMITS.attempts)
    assert state.phase is Phase.FAILED


def test_waits_between_crashes_grow_and_stop_growing():
    limits = Limits(attempts=100)
    state, waits = State(), []
    for now in range(10):
        state, _ = play(Event.START if now == 0 else Event.DEADLINE, Event.EXITED, state=state, limits=limits)
        assert state.deadline is not None
        waits.append(state.deadline - 1)
    assert waits[:4] == [2, 4, 8, 16]
    assert waits[-1] == limits.longest_backoff_s


def test_a_server_that_has_been_stable_has_its_crashes_forgotten():
    state, _ = play(Event.START, Event.EXITED, Event.DEADLINE, Event.HEALTHY)
    assert (state.attempts, state.deadline) == (1, 3 + LIMITS.stable_s)
    state, done = step(state, Event.DEADLINE, 303.0)
    assert (state.phase, state.attempts, state.deadline, done) == (Phase.READY, 0, None, ())


def test_starting_a_failed_server_gives_it_all_its_tries_again():
    state, done = play(Event.START, state=State(Phase.FAILED, attempts=5))
    assert (state.phase, state.attempts, done) == (Phase.STARTING, 0, [Action.SPAWN])


def test_what_can_never_start_fails_at_once():
    state, _ = play(Event.START, Event.IMPOSSIBLE)
    assert (state.phase, state.deadline) == (Phase.FAILED, None)


def test_what_ran_before_and_cannot_be_started_just_now_is_tried_until_it_can():
    state, _ = play(Event.START, Event.HEALTHY, Event.EXITED, Event.DEADLINE)
    for _ in range(20):
        state, _ = step(state, Event.UNAVAILABLE, 10.0)
        assert (state.phase, state.attempts, state.deadline) == (Phase.BACKOFF, 1, 10 + 2 * LIMITS.backoff_s)
        state, done = step(state, Event.DEADLINE, 12.0)
        assert (state.phase, done) == (Phase.STARTING, (Action.SPAWN,))


def test_a_silent_server_gets_a_grace_then_the_kill_then_a_new_start():
    state, done = play(Event.START, Event.HEALTHY, Event.LOST)
    assert (state.phase, state.deadline, done) == (Phase.STARTING, 2 + LIMITS.silent_s, [Action.SPAWN])
    _, done = play(Event.DEADLINE, Event.EXITED, Event.DEADLINE, state=state)
    assert done == [Action.KILL, Action.SPAWN]


def test_a_silent_server_that_answers_again_goes_on():
    state, done = play(Event.START, Event.HEALTHY, Event.LOST, Event.HEALTHY)
    assert (state.phase, done) == (Phase.READY, [Action.SPAWN])


@pytest.mark.parametrize("before", [(Event.START,), (Event.START, Event.HEALTHY), (Event.START, Event.STOP)])
def test_restart_ends_the_process_and_then_starts_a_new_one(before):
    state, _ = play(*before)
    state, _ = step(state, Event.RESTART, 5.0)
    assert state.phase is Phase.STOPPING
    state, actions = step(state, Event.EXITED, 6.0)
    assert (state.phase, state.again, actions) == (Phase.STARTING, False, (Action.SPAWN,))


@pytest.mark.parametrize("phase", [Phase.STOPPED, Phase.BACKOFF, Phase.FAILED])
def test_restart_with_no_process_just_starts(phase):
    assert step(State(phase, attempts=3), Event.RESTART, 0.0)[1] == (Action.SPAWN,)


def test_start_during_a_stop_starts_again_after_it():
    state, done = play(Event.START, Event.HEALTHY, Event.STOP, Event.START, Event.EXITED)
    assert (state.phase, done) == (Phase.STARTING, [Action.SPAWN, Action.TERMINATE, Action.SPAWN])


def test_stop_during_a_restart_wins():
    state, _ = play(Event.START, Event.RESTART, Event.STOP, Event.EXITED)
    assert state == State()


def test_abort_kills_at_once():
    state, done = play(Event.START, Event.HEALTHY, Event.ABORT, Event.EXITED)
    assert (state, done) == (State(), [Action.SPAWN, Action.KILL])


def test_an_adopted_server_goes_down_and_comes_back_with_no_action_of_ours():
    state, done = play(Event.START, Event.LOST, Event.HEALTHY, Event.LOST, Event.HEALTHY, state=State(adopted=True))
    assert (state.phase, state.deadline, done) == (Phase.READY, None, [])


def test_stopping_an_adopted_server_only_means_not_using_it():
    state, done = play(Event.START, Event.HEALTHY, Event.STOP, Event.HEALTHY, state=State(adopted=True))
    assert (state.phase, done) == (Phase.STOPPED, [])


MANAGED = """
            START     STOP      RESTART   ABORT     HEALTHY   LOST      EXITED    IMPOSSIBLE UNAVAILABLE DEADLINE
STOPPED     STARTING  .         STARTING  .         .         .         .         .          .           .
STARTING    .         STOPPING  STOPPING  STOPPING  READY     .         BACKOFF   FAILED     BACKOFF     STARTING
READY       .         STOPPING  STOPPING  STOPPING  .         STARTING  BACKOFF   .          .           READY
BACKOFF     STARTING  STOPPED   STARTING  STOPPED   .         .         .         .          .           STARTING
STOPPING    STOPPING  STOPPING  STOPPING  STOPPING  .         .         STOPPED   .          .           STOPPING
FAILED      STARTING  STOPPED   STARTING  STOPPED   .         .         .         .          .           .
"""
ADOPTED = """
            START     STOP      RESTART   ABORT     HEALTHY   LOST      EXITED    IMPOSSIBLE UNAVAILABLE DEADLINE
STOPPED     STARTING  .         STARTING  .         .         .         .         .          .           .
STARTING    .         STOPPED   .         STOPPED   READY     BACKOFF   .         .          .           .
READY       .         STOPPED   .         STOPPED   .         BACKOFF   .         .          .           .
BACKOFF     .         STOPPED   .         STOPPED   READY     .         .         .          .           .
STOPPING    .         .         .         .         .         .         .         .          .           .
FAILED      .         .         .         .         .         .         .         .          .           .
"""


def cells(text: str) -> dict[tuple[Phase, Event], Phase]:
    """Return the phase after each pair of phase and event; a dot means that it stays and nothing is done."""
    head, *rows = (line.split() for line in text.strip().splitlines())
    return {
        (Phase[phase], Event[event]): Phase[phase if after == "." else after]
        for phase, *leads in rows
        for event, after in zip(head, leads, strict=True)
    }


@pytest.mark.parametrize(("text", "adopted"), [(MANAGED, False), (ADOPTED, True)], ids=["managed", "adopted"])
def test_every_pair_of_phase_and_event_leads_where_the_table_says(text, adopted):
    table = cells(text)
    assert table.keys() == {*product(Phase, Event)}
    for (phase, event), after in table.items():
        state, actions = step(State(phase, adopted=adopted), event, 7.0)
        assert state.phase is after, (phase, event)
        begins = after is Phase.STARTING and phase in (Phase.STOPPED, Phase.BACKOFF, Phase.FAILED)
        assert (Action.SPAWN in actions) == (begins and not adopted)


@SERVERS
@pytest.mark.parametrize(("phase", "event"), [*product(Phase, Event)])
def test_no_pair_of_phase_and_event_raises(server, phase, event):
    step(State(phase, adopted=server.adopted), event, 0.0)


@SERVERS
@given(events=st.lists(st.sampled_from(Event), max_size=60))
def test_after_anything_stop_and_exit_end_in_stopped(server, events):
    state, _ = play(*events, Event.STOP, Event.EXITED, state=server)
    assert (state.phase, state.deadline, state.again) == (Phase.STOPPED, None, False)


@given(events=st.lists(st.sampled_from(Event), max_size=60))
def test_an_adopted_server_gets_no_action(events):
    assert play(*events, state=State(adopted=True))[1] == []


NOTHING_BEGAN = (Event.IMPOSSIBLE, Event.UNAVAILABLE)


@given(events=st.lists(st.sampled_from([event for event in Event if event is not Event.EXITED]), max_size=60))
def test_no_second_process_is_started_before_the_first_has_ended(events):
    _, done = play(Event.START, *[event for event in events if event not in NOTHING_BEGAN])
    assert done.count(Action.SPAWN) == 1
