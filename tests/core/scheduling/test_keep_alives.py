from ollama_panel.core.scheduling.keep_alives import KeepAlives
from tests.core.scheduling.script import job

MINUTE = 60_000_000


def test_a_client_alone_may_unload_its_model():
    keep_alives = KeepAlives()
    assert keep_alives.replacement(job("one", keep_alive_s=0), 0) is None


def test_a_client_may_not_unload_a_model_that_another_uses():
    keep_alives = KeepAlives()
    keep_alives.replacement(job("one", "bob"), 0)
    assert keep_alives.replacement(job("two", "ann", keep_alive_s=0), MINUTE) == "300s"
    assert keep_alives.replacement(job("three", "ann", keep_alive_s=0), 10 * MINUTE) is None


def test_a_request_that_only_unloads_is_passed_on():
    keep_alives = KeepAlives()
    keep_alives.replacement(job("one", "bob", keep_alive_s=-1), 0)
    assert keep_alives.replacement(job("stop", "ann", keep_alive_s=0, unloads=True), MINUTE) is None
    assert keep_alives.replacement(job("two", "ann", keep_alive_s=60), MINUTE) is None


def test_the_longest_keep_alive_wins():
    keep_alives = KeepAlives()
    keep_alives.replacement(job("one", "bob", keep_alive_s=-1), 0)
    assert keep_alives.replacement(job("two", "ann", keep_alive_s=600), MINUTE) == "-1s"
