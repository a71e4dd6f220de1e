"""The rules in virtual time: one look every two seconds, as the engine makes them."""

from collections.abc import Iterable
from itertools import cycle, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.gpu_yield import YieldCause
from ollama_panel.core.gpu_yield_rules import FLAP_S, GONE_S, UNKNOWN_S, Look, YieldRules
from ollama_panel.core.settings.tree_machine import MachineSettings

EVERY_S = 2.0
WANTED = MachineSettings(yield_programs=("blender", "game"), yield_gpu_percent=40, yield_resume_s=30.0)
NOBODY, BLENDER, GAME = Look(use=0.0), Look(("blender",), 0.0), Look(("game",), 0.0)
BUSY, UNKNOWN = Look(use=90.0), Look()
USER, PROGRAM, GPU_BUSY = YieldCause


class World:
    """The rules and their clock; `changes` are the times at which the GPU was given away or came back."""

    def __init__(self, first: Look = NOBODY, wanted: MachineSettings = WANTED) -> None:
        self.rules, self.wanted, self.now = YieldRules(), wanted, 1000.0
        self.changes = 0
        self.see(first, EVERY_S)

    def see(self, look: Look, seconds: float) -> YieldCause | None:
        return self.see_all([look] * round(seconds / EVERY_S))

    def see_all(self, looks: Iterable[Look]) -> YieldCause | None:
        for look in looks:
            before = self.rules.cause
            self.now += EVERY_S
            self.rules.look(look, self.wanted, self.now)
            self.changes += (before is None) is not (self.rules.cause is None)
        return self.rules.cause


def test_a_program_gets_the_gpu_once_it_has_run_for_some_seconds() -> None:
    world = World()
    assert world.see(BLENDER, 2) is None
    assert world.see(BLENDER, 4) is PROGRAM
    assert (world.rules.program, world.rules.resumes_at) == ("blender", None)
    assert world.see(BLENDER, 3600) is PROGRAM


def test_one_that_runs_before_the_panel_has_it_at_once() -> None:
    assert World(BLENDER).rules.cause is PROGRAM


def test_it_comes_back_when_the_program_has_been_gone_for_the_set_time() -> None:
    world = World(BLENDER)
    world.see(NOBODY, 2)
    assert world.rules.resumes_at == world.now + 30.0
    assert world.see(NOBODY, 28) is PROGRAM
    assert world.see(NOBODY, 2) is None
    assert world.rules.resumes_at is None


def test_a_program_that_comes_again_meanwhile_has_the_whole_time_anew() -> None:
    world = World(BLENDER)
    world.see(NOBODY, 28)
    assert world.see(BLENDER, 2) is PROGRAM
    assert world.rules.resumes_at is None
    assert world.see(NOBODY, 30) is PROGRAM
    assert world.see(NOBODY, 2) is None


def test_another_program_takes_it_over() -> None:
    world = World(BLENDER)
    assert world.see(GAME, 2) is PROGRAM
    assert world.rules.program == "game"
    world.see(Look(("blender", "game"), 0.0), 10)
    assert world.rules.program == "game"


def test_one_that_comes_and_goes_changes_nothing() -> None:
    world = World()
    world.see_all(islice(cycle([BLENDER, NOBODY]), 1800))
    assert world.changes == 0
    world.see(BLENDER, 10)
    world.see_all(islice(cycle([BLENDER, NOBODY, NOBODY, NOBODY]), 1800))
    assert world.changes == 1


def test_one_that_returns_soon_again_and_again_keeps_it_for_longer_each_time() -> None:
    world = World()
    frames = [*[BLENDER] * 10, *[NOBODY] * 20]  # 20 s of work each minute
    world.see_all(islice(cycle(frames), 1800))
    assert world.changes < 8


def test_after_a_long_rest_the_set_time_counts_again() -> None:
    world = World()
    for _ in range(3):
        world.see(BLENDER, 10)
        world.see(NOBODY, 400)
    world.see(NOBODY, FLAP_S)
    world.see(BLENDER, 10)
    assert world.see(NOBODY, 30) is PROGRAM
    assert world.see(NOBODY, 2) is None


def test_others_that_use_the_gpu_get_it_after_ten_seconds() -> None:
    world = World()
    world.see(NOBODY, 60)
    assert world.see(BUSY, 4) is None
    assert world.see(BUSY, 4) is GPU_BUSY
    assert world.see(NOBODY, 4) is GPU_BUSY
    assert world.see(NOBODY, 40) is None


def test_short_bursts_of_use_are_not_enough() -> None:
    world = World()
    world.see_all(islice(cycle([BUSY, NOBODY, NOBODY]), 1800))
    assert world.changes == 0


def test_an_unknown_use_gives_nothing_away() -> None:
    world = World()
    assert world.see(UNKNOWN, 3600) is None
    world = World(wanted=MachineSettings(yield_gpu_percent=1))
    assert world.see_all(islice(cycle([BUSY, *[UNKNOWN] * 20]), 1800)) is None


def test_a_use_that_is_unknown_while_requests_end_is_no_end_of_use_but_not_for_ever() -> None:
    world = World()
    world.see(BUSY, 10)
    assert world.see(UNKNOWN, UNKNOWN_S - 10) is GPU_BUSY
    assert world.see(UNKNOWN, 60) is None


def test_the_threshold_zero_never_counts() -> None:
    world = World(wanted=MachineSettings())
    assert world.see(Look(("blender",), 100.0), 60) is PROGRAM
    world = World(wanted=MachineSettings())
    assert world.see(BUSY, 3600) is None


def test_what_the_user_gives_away_never_comes_back_by_itself() -> None:
    world = World()
    world.rules.give()
    assert world.see(NOBODY, 86_400) is USER
    world.rules.take_back()
    assert world.see(NOBODY, 60) is None
    assert not world.rules.is_refused


def test_the_word_of_the_user_goes_before_a_program() -> None:
    world = World(BLENDER)
    world.rules.give()
    assert world.see(NOBODY, 3600) is USER


def test_a_program_that_runs_when_the_user_takes_it_back_is_refused_until_it_has_been_gone() -> None:
    world = World(BLENDER)
    world.rules.take_back()
    assert world.see(BLENDER, 3600) is None
    assert world.rules.is_refused
    assert world.see(Look(("blender", "game"), 0.0), 10) is PROGRAM
    assert world.rules.program == "game"
    assert world.see(BLENDER, 40) is None
    world.see(NOBODY, GONE_S)
    assert not world.rules.is_refused
    assert world.see(BLENDER, 10) is PROGRAM


def test_one_that_is_started_again_and_again_stays_refused() -> None:
    world = World(BLENDER)
    world.rules.take_back()
    world.see_all(islice(cycle([*[BLENDER] * 5, *[NOBODY] * 4]), 1800))
    assert world.rules.cause is None


def test_so_does_a_use_around_the_threshold() -> None:
    world = World()
    world.see(BUSY, 20)
    world.rules.take_back()
    world.see_all(islice(cycle([*[BUSY] * 5, *[NOBODY] * 5]), 1800))
    assert world.rules.cause is None


@pytest.mark.parametrize("resume_s", [0.0, 1.0, 5.0])
def test_a_short_time_until_it_comes_back_makes_no_storm_of_loads(resume_s: float) -> None:
    world = World(wanted=MachineSettings(yield_programs=("blender",), yield_resume_s=resume_s))
    world.see_all(islice(cycle([*[BLENDER] * 4, *[NOBODY] * 4]), 1800))
    assert world.changes < 8, "in an hour of frames of 8 s"


def test_so_is_one_that_runs_beside_what_the_user_gave_away() -> None:
    world = World()
    world.rules.give()
    world.see(BLENDER, 10)
    world.rules.take_back()
    assert world.see(BLENDER, 60) is None


def test_use_that_the_user_refuses_counts_again_once_it_was_seen_to_end() -> None:
    world = World()
    world.see(BUSY, 20)
    world.rules.take_back()
    assert world.see(BUSY, 600) is None
    assert world.see(UNKNOWN, 600) is None
    assert world.see(BUSY, 60) is None
    assert world.rules.is_refused
    world.see(NOBODY, 20)
    assert not world.rules.is_refused
    assert world.see(BUSY, 20) is GPU_BUSY


def test_what_the_settings_ask_for_no_more_is_over_at_once() -> None:
    world = World(BLENDER)
    world.wanted = MachineSettings()
    assert world.see(NOBODY, 2) is None


def test_refusals_of_an_earlier_run_hold() -> None:
    rules = YieldRules(refused=frozenset({"blender", "game"}))
    rules.look(BLENDER, WANTED, 0.0)
    assert (rules.cause, rules.refused) == (None, frozenset({"blender"}))


LOOKS = st.lists(st.sampled_from([NOBODY, BLENDER, GAME, BUSY, UNKNOWN, "give", "take back"]), max_size=300)


@given(LOOKS)
def test_whatever_happens_the_user_has_the_last_word(course: list[Look | str]) -> None:
    world, said = World(), ""
    for one in course:
        if isinstance(one, Look):
            before = world.rules.refused
            world.see_all([one])
            assert (world.rules.cause is USER) is (said == "give")
            assert world.rules.program not in before or not world.rules.program
        else:
            said = one
            world.rules.give() if one == "give" else world.rules.take_back()
    world.rules.take_back()
    world.see(NOBODY, 12 + GONE_S)
    assert (world.rules.cause, world.rules.is_refused) == (None, False)
