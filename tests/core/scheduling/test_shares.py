from ollama_panel.core.scheduling.shares import Shares
from ollama_panel.core.scheduling.ticket import Urgency
from tests.core.scheduling.script import SECOND

CHAT, BATCH = Urgency.INTERACTIVE, Urgency.BATCH


def test_the_share_is_that_of_the_last_minute():
    shares = Shares()
    shares.add(BATCH, 300, 0)
    shares.add(CHAT, 100, 5 * SECOND)
    assert shares.of(BATCH, 30 * SECOND) == 0.75
    shares.add(CHAT, 100, 61 * SECOND)
    assert shares.of(BATCH, 61 * SECOND) == 0


def test_nobody_is_starved_while_nothing_runs():
    assert Shares().of(BATCH, 0) == 1.0


def test_work_of_several_spans_adds_up_and_each_span_leaves_by_itself():
    shares = Shares()
    for span in range(6):
        shares.add(BATCH if span % 2 else CHAT, 100 * (span + 1), span * 10 * SECOND)
    assert shares.of(BATCH, 59 * SECOND) == 1200 / 2100
    assert shares.of(BATCH, 60 * SECOND) == 1200 / 2000
    assert shares.of(CHAT, 70 * SECOND) == 800 / 1800
    assert sum(shares.of(one, 59 * SECOND) for one in Urgency) == 1
