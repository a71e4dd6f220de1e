from ollama_panel.core.records import RequestClass
from ollama_panel.core.scheduling.shares import Shares
from tests.core.scheduling.script import SECOND

CHAT, BATCH = RequestClass.INTERACTIVE, RequestClass.BATCH


def test_the_share_is_that_of_the_last_minute():
    shares = Shares()
    shares.add(BATCH, 300, 0)
    shares.add(CHAT, 100, 5 * SECOND)
    assert shares.of(BATCH, 30 * SECOND) == 0.75
    shares.add(CHAT, 100, 61 * SECOND)
    assert shares.of(BATCH, 61 * SECOND) == 0


def test_nobody_is_starved_while_nothing_runs():
    assert Shares().of(BATCH, 0) == 1.0
