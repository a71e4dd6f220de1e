from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.keep_alives import KEEP_ALIVES_KEPT, KeepAlives
from tests.core.scheduling.script import Script, job

SECOND = 1_000_000
MINUTE = 60 * SECOND
FOREVER = -1
SMALL, LARGE = ModelName("qwen3:4b"), ModelName("qwen3:32b")


def test_a_client_alone_may_unload_its_model():
    keep_alives = KeepAlives()
    assert keep_alives.replacement(job("one", keep_alive_s=0), 0) is None


def test_a_client_may_not_unload_a_model_that_another_uses():
    keep_alives = KeepAlives()
    keep_alives.replacement(job("one", "bob"), 0)
    assert keep_alives.replacement(job("two", "ann", keep_alive_s=0), MINUTE) == "300s"
    assert keep_alives.replacement(job("three", "ann", keep_alive_s=0), 10 * MINUTE) is None


def test_after_a_stop_no_earlier_wish_holds():
    keep_alives = KeepAlives()
    keep_alives.replacement(job("one", "bob", keep_alive_s=FOREVER), 0)
    keep_alives.forget(job("one").model)
    assert keep_alives.replacement(job("two", "ann", keep_alive_s=60), MINUTE) is None


def test_the_longest_keep_alive_wins():
    keep_alives = KeepAlives()
    keep_alives.replacement(job("one", "bob", keep_alive_s=FOREVER), 0)
    assert keep_alives.replacement(job("two", "ann", keep_alive_s=600), MINUTE) == "-1s"


def test_a_wish_holds_for_as_long_as_it_says_however_silent_its_client_is():
    keep_alives = KeepAlives()
    keep_alives.replacement(job("one", "hub", keep_alive_s=FOREVER), 0)
    keep_alives.replacement(job("two", "bob", keep_alive_s=1200), 0)
    for minutes in (1, 4, 6, 60, 24 * 60):
        assert keep_alives.replacement(job("three", "ann", keep_alive_s=900), minutes * MINUTE) == "-1s"
    keep_alives = KeepAlives()
    keep_alives.replacement(job("one", "bob", keep_alive_s=1200), 0)
    assert keep_alives.replacement(job("two", "ann", keep_alive_s=0), 19 * MINUTE) == "1200s"
    assert keep_alives.replacement(job("three", "ann", keep_alive_s=0), 21 * MINUTE) is None


def test_a_request_without_a_wish_leaves_the_wish_of_its_client():
    keep_alives = KeepAlives()
    keep_alives.replacement(job("one", "bob", keep_alive_s=FOREVER), 0)
    assert keep_alives.replacement(job("two", "bob"), 10 * MINUTE) == "-1s"
    assert keep_alives.replacement(job("three", "ann", keep_alive_s=60), 20 * MINUTE) == "-1s"


def test_keep_alive_0_ends_the_wish_of_its_own_client_only():
    keep_alives = KeepAlives()
    keep_alives.replacement(job("one", "bob", keep_alive_s=FOREVER), 0)
    keep_alives.replacement(job("two", "ann", keep_alive_s=600), 0)
    assert keep_alives.replacement(job("three", "bob", keep_alive_s=0), MINUTE) == "600s"
    assert keep_alives.replacement(job("four", "ann", keep_alive_s=0), MINUTE) is None


def test_a_wish_shorter_than_a_second_does_not_become_none():
    keep_alives = KeepAlives()
    keep_alives.replacement(job("one", "bob", keep_alive_s=0.4), 0)
    assert keep_alives.replacement(job("two", "ann", keep_alive_s=0), SECOND // 5) == "1s"


def test_the_longest_duration_of_go_stays_within_it():
    keep_alives = KeepAlives()
    keep_alives.replacement(job("one", "bob", keep_alive_s=9_223_372_036.8), 0)
    assert keep_alives.replacement(job("two", "ann", keep_alive_s=60), MINUTE) == "9223372036s"


def test_a_request_without_a_wish_does_not_cut_short_a_longer_one_when_it_loads_the_model():
    """Ollama itself would load it for its default time."""
    keep_alives = KeepAlives()
    assert keep_alives.replacement(job("one", "ann"), 0) is None
    keep_alives.replacement(job("two", "bob", keep_alive_s=3600), 0)
    assert keep_alives.replacement(job("three", "ann"), MINUTE) == "3600s"
    assert keep_alives.replacement(job("four", "ann"), 61 * MINUTE) is None


def test_a_wish_counts_while_a_request_of_its_client_runs_and_from_its_end_on():
    script = Script()
    script.warm(parallel=3)
    script.arrive(job("long", "bob"))
    script.wait(400)
    script.arrive(job("one", "ann", keep_alive_s=0))
    assert script.placements["one"].keep_alive == "300s"
    script.finish("one")
    script.finish("long")
    script.wait(299)
    script.arrive(job("two", "ann", keep_alive_s=0))
    assert script.placements["two"].keep_alive == "300s"
    script.finish("two")
    script.wait(2)
    script.arrive(job("three", "ann", keep_alive_s=0))
    assert script.placements["three"].keep_alive is None


def test_a_request_without_a_wish_asks_for_what_its_instance_does_by_itself():
    script = Script()
    script.up("chat-1", parallel=4, keep_alive_s=FOREVER)
    script.loaded()
    script.arrive(job("one", "bob"), job("two", "ann", keep_alive_s=60))
    assert [script.placements[name].keep_alive for name in ("one", "two")] == [None, "-1s"]
    script.arrive(job("three", "eve", keep_alive_s=FOREVER), job("four", "tom"))
    assert [script.placements[name].keep_alive for name in ("three", "four")] == [None, None]


def test_with_many_clients_the_wish_that_ends_first_is_forgotten():
    keep_alives = KeepAlives()
    keep_alives.replacement(job("one", "hub", keep_alive_s=FOREVER), 0)
    for number in range(KEEP_ALIVES_KEPT + 5):
        keep_alives.replacement(job("two", f"client{number}", keep_alive_s=60 + number), number)
    assert keep_alives.replacement(job("three", "ann", keep_alive_s=0), MINUTE) == "-1s"
    assert len(keep_alives.wishes[job("one").model]) == KEEP_ALIVES_KEPT


def test_a_wish_for_ever_does_not_hinder_a_swap_and_holds_when_the_model_comes_back():
    script = Script()
    sizes = {SMALL: 7 * 10**9, LARGE: 12 * 10**9}
    script.tell(say.CatalogRead(tuple(ModelFacts(name, size=size) for name, size in sizes.items())))
    script.tell(say.MemoryMeasured(16 * 10**9, 16 * 10**9))
    script.up()
    script.arrive(job("hub", "hub", SMALL, keep_alive_s=FOREVER))
    script.finish("hub")
    script.wait(20)
    script.arrive(job("other", "bob", LARGE))
    assert script.loads == [say.Unload("chat-1", SMALL, for_another=True)]
    script.tell(say.Unloaded("chat-1", SMALL))
    assert script.sent == {"other": "chat-1"}
    script.finish("other")
    script.wait(20)
    script.arrive(job("again", "ann", SMALL))
    script.tell(say.Unloaded("chat-1", LARGE))
    assert script.placements["again"].keep_alive == "-1s"
