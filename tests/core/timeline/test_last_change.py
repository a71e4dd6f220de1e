"""What the last change of the settings has brought."""

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.timeline.class_counts import KEPT_S
from ollama_panel.core.timeline.last_change import LastChanges
from tests.core.timeline.test_class_counts import Harness

CHAT = RequestClass.INTERACTIVE
OLD = Settings()
NEW = codec.set(OLD, "pools.chat.parallel", "6")


@pytest.fixture
def counts() -> Harness:
    return Harness()


def test_nothing_was_changed_at_first(counts: Harness) -> None:
    changes = LastChanges(counts)
    assert changes.record(1.0) is None
    with pytest.raises(PanelError, match="nothing to undo"):
        changes.to_undo()


def test_it_compares_the_figures_before_and_after(counts: Harness) -> None:
    changes = LastChanges(counts)
    for at in range(100):
        counts.run(CHAT, float(at), wait_s=20.0)
    changes.changed(OLD, NEW, 130.0)
    record = changes.record(130.0)
    assert record is not None
    assert [render(one) for one in record.applied] == ["chat: Parallel 2 → 6"]
    assert record.before.first_token_p95_s == 20.5
    assert record.after.first_token_p95_s is None
    for at in range(131, 160):
        counts.run(CHAT, float(at), wait_s=0.1)
    later = changes.record(165.0)
    assert later is not None
    assert later.before is record.before
    assert later.after.first_token_p95_s == pytest.approx(0.6)
    assert changes.record(165.5) is later


def test_after_five_minutes_it_stays_as_it_is(counts: Harness) -> None:
    changes = LastChanges(counts)
    changes.changed(OLD, NEW, 10.0)
    for at in range(20, 30):
        counts.run(CHAT, float(at))
    last = changes.record(10.0 + KEPT_S + 1)
    for at in range(400, 430):
        counts.run(CHAT, float(at), wait_s=9.0)
    assert changes.record(500.0) is last


def test_a_change_that_changes_nothing_is_none(counts: Harness) -> None:
    changes = LastChanges(counts)
    changes.changed(OLD, OLD, 1.0)
    assert changes.record(2.0) is None


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("window.theme", "dark"),
        ("window.language", "zh_CN"),
        ("history.days", "3"),
        ("proxy.port", "11499"),
        ("proxy.require_key", "always"),
        ("proxy.allowed_origins", "https://chat.example.org"),
    ],
)
def test_what_no_request_is_served_by_is_no_change_and_is_not_taken_back(counts: Harness, key: str, text: str) -> None:
    changes = LastChanges(counts)
    changes.changed(OLD, codec.set(OLD, key, text), 1.0)
    assert changes.record(2.0) is None
    changes.changed(OLD, codec.set(NEW, key, text), 3.0)
    changes.changed(codec.set(NEW, key, text), NEW, 4.0)
    record = changes.record(4.0)
    assert record is not None
    assert [render(one) for one in record.applied] == ["chat: Parallel 2 → 6"]
    assert [codec.get(one, key) for one in changes.to_undo()] == [text, text]
    changes.changed(NEW, OLD, 5.0)
    undone = changes.record(5.0)
    assert undone is not None
    assert undone.undoes


def test_undoing_it_is_the_next_change(counts: Harness) -> None:
    changes = LastChanges(counts)
    changes.changed(OLD, NEW, 1.0)
    assert changes.to_undo() == (OLD, NEW)
    changes.changed(NEW, OLD, 2.0)
    record = changes.record(2.0)
    assert record is not None
    assert record.undoes
    assert changes.to_undo() == (NEW, OLD)


def test_the_address_of_a_take_over_is_not_given_up_with_it(counts: Harness) -> None:
    changes = LastChanges(counts)
    taken = codec.set(OLD, "proxy.second_port", "11434")
    changes.changed(OLD, taken, 10.0)
    assert changes.record(10.0) is None
    changes.changed(taken, codec.set(taken, "pools.chat.parallel", "6"), 20.0)
    changes.changed(codec.set(taken, "pools.chat.parallel", "6"), codec.set(OLD, "pools.chat.parallel", "6"), 30.0)
    record = changes.record(30.0)
    assert record is not None
    assert [render(one) for one in record.applied] == ["chat: Parallel 2 → 6"]
    before, after = changes.to_undo()
    assert before.proxy.second_port == after.proxy.second_port == 11434
