"""When models that push each other out of the memory are an incident."""

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.incident import Kind
from tests.fakes.incident_log import CARD, EVICTED, START, Log, load, loaded, observe


def test_evictions_that_go_on_are_an_alert_for_ten_minutes_after_the_last() -> None:
    log = Log()
    assert log.say(EVICTED, *load("/a"), EVICTED, *load("/b"), later=30) == []
    assert log.say(EVICTED, *load("/a")) == [Kind.EVICTION_THRASH]
    assert (log.one.times, log.one.loads, log.one.models) == (3, 3, ("/a", "/b"))
    assert log.say(later=590) == [Kind.EVICTION_THRASH]
    assert log.say(later=15) == []


def in_turn(log: Log, rounds: int, *, seen: bool = True) -> list[Kind]:
    """Load two models in turn, one of which has to leave for the other; the server's own line about it is missing."""
    for _ in range(rounds):
        for blob in ("/a", "/b"):
            log.say(*load(blob))
            if seen:
                observe(log, loaded("a:latest"), wanted=1, blob=blob)
    return log.say()


def test_a_model_that_leaves_because_of_the_limit_counts_though_no_line_says_so() -> None:
    log = Log()
    log.say(START.replace("map[", "map[OLLAMA_MAX_LOADED_MODELS:1 "), CARD)
    observe(log, wanted=1)
    assert in_turn(log, 2) == [Kind.EVICTION_THRASH]
    assert (log.one.times, log.one.loads, log.one.models) == (3, 3, ("/b", "/a"))


def test_the_limit_counts_at_once_after_other_settings() -> None:
    log = Log()
    log.say(START, CARD)
    observe(log, wanted=1)
    log.say(START.replace("map[", "map[OLLAMA_MAX_LOADED_MODELS:1 "), CARD)
    assert in_turn(log, 2, seen=False) == [Kind.EVICTION_THRASH], "nothing was loaded before or after the restart"


def test_models_that_may_all_stay_or_have_gone_before_do_not_push_each_other_out() -> None:
    log = Log()
    log.say(START, CARD)
    observe(log, wanted=1)
    assert in_turn(log, 3, seen=False) == [], "three models may be there by default"
    log.say(START.replace("map[", "map[OLLAMA_MAX_LOADED_MODELS:1 "), CARD)
    for blob in ("/a", "/b", "/a", "/b", "/a"):
        log.say(*load(blob))
        assert observe(log, wanted=1) == [], "its time was over, or somebody has unloaded it"


def test_the_servers_line_and_the_limit_are_one_eviction() -> None:
    log = Log()
    log.say(START.replace("map[", "map[OLLAMA_MAX_LOADED_MODELS:1 "), CARD)
    observe(log, wanted=1)
    log.say(*load("/a"))
    assert log.say(EVICTED, *load("/b"), EVICTED, *load("/a")) == []
    assert log.say(EVICTED, *load("/b")) == [Kind.EVICTION_THRASH]
    assert log.one.times == 3


def test_what_the_panel_unloads_for_another_model_counts_and_what_nobody_wants_does_not() -> None:
    log = Log()
    log.say(START, CARD, *load("/a"))
    for for_another in (False, True):
        for name in ("a:latest", "b:latest", "a:latest"):
            log.incidents.unloaded(ModelName(name), log.now, for_another=for_another)
        assert log.say() == ([Kind.EVICTION_THRASH] if for_another else [])


def test_what_a_log_from_before_the_panel_says_of_loads_is_no_eviction() -> None:
    log = Log()
    log.say(START.replace("map[", "map[OLLAMA_MAX_LOADED_MODELS:1 "), CARD)
    assert in_turn(log, 3, seen=False) == [], "their time may have been over: nobody has looked"


def test_evictions_before_a_change_of_the_settings_do_not_count() -> None:
    log = Log()
    log.say(START, CARD, *(EVICTED, *load("/a")) * 3)
    assert [one.kind for one in log.active] == [Kind.EVICTION_THRASH]
    assert log.say(START, CARD) == [Kind.EVICTION_THRASH], "the same will happen again"
    assert log.say(START.replace("8192", "4096"), CARD, EVICTED, *load("/a")) == []


def test_evictions_far_apart_are_none() -> None:
    log = Log()
    assert [log.say(EVICTED, *load("/a"), later=301) for _ in range(6)] == [[]] * 6
