"""The advice on the machine page: what is asked, what is shown, and how it becomes settings."""

from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ollama_panel.core.advice.uses import Use
from ollama_panel.core.snapshot import Budget, BudgetSource, MemoryKind, Sample, Snapshot
from ollama_panel.gui.format import number
from ollama_panel.gui.toasts import Toast
from ollama_panel.gui.widgets.advice_part import AdvicePart
from tests.gui.conftest import delete_now
from tests.gui.fake_client import FakeClient
from tests.gui.snapshots import GIB, LLAMA, snapshot


def on_card(gib: int, name: str = "RTX 4070", **changes: object) -> Snapshot:
    """Return the snapshot of a machine with a card of so many GiB, all of it free."""
    size = gib * GIB
    budget = Budget(size, size, BudgetSource.DRIVER)
    made = snapshot(**changes)
    sample = msgspec.structs.replace(
        made.sample or Sample(0.0, 0, 0, 0, 0.0, None, 0, size),
        budget=budget,
        memory_total=size,
        memory_kind=MemoryKind.GPU,
        memory_name=name,
    )
    return msgspec.structs.replace(made, sample=sample)


@pytest.fixture
def part(client: FakeClient, qtbot: QtBot) -> Iterator[AdvicePart]:
    client.push(on_card(12))
    made = AdvicePart(client)  # type: ignore[arg-type]  # it has the methods of the client that the part needs
    made.show()
    made.show_snapshot(client.snapshot)
    yield made
    made.hide()
    delete_now(made)


def ask(part: AdvicePart, use: Use, people: int) -> None:
    part.use.setCurrentIndex(part.use.findData(use))
    part.people.setValue(people)


def labels(part: AdvicePart) -> list[str]:
    return [one.text() for one in part.findChildren(QLabel) if one.isVisible()]


def test_one_person_is_told_that_ollama_as_it_is_will_do(part: AdvicePart) -> None:
    assert "One person: Ollama as it is will do" in part.text()
    assert f"parallel 1, context {number(16384)} tokens" in part.text()


def test_use_and_people_change_the_advice_at_once(part: AdvicePart) -> None:
    ask(part, Use.RAG, 6)
    assert "6 people: a team." in part.text()
    assert "Pool embedding" in part.text()
    assert "= 4.0 GiB + compute" in part.text()


def test_each_line_is_a_label_of_its_own(part: AdvicePart, qtbot: QtBot) -> None:
    ask(part, Use.RAG, 6)
    qtbot.waitUntil(lambda: {line.strip() for line in part.text().splitlines()} <= set(labels(part)))


def test_the_whole_advice_is_copied_with_its_arithmetic(part: AdvicePart, client: FakeClient) -> None:
    ask(part, Use.RAG, 6)
    part.copy.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "RTX 4070: models may use 12.0 GiB of 12.0 GiB."
    cache = f"    llama3.1:8b: weights 4.6 GiB + 2 x {number(16384)} tokens"
    assert any(line.startswith(cache) for line in lines)
    assert client.toasts == [Toast("Copied", "The whole advice")]


def test_using_it_shows_a_plan_first_and_applies_it_when_the_user_says_so(
    part: AdvicePart, client: FakeClient, qtbot: QtBot
) -> None:
    ask(part, Use.RAG, 6)
    part.take.click()
    assert part.plan.isVisible()
    assert "chat-2: stopped when the running requests have ended." in part.plan.text()
    assert client.calls == []
    part.apply.click()
    qtbot.waitUntil(lambda: bool(client.calls))
    ((name, (settings,)),) = client.calls
    assert name == "apply"
    chat, embedding = settings.pools
    assert (chat.workers, chat.parallel, chat.context_length, chat.models) == (1, 2, 16_384, (LLAMA,))
    assert embedding.models == ("nomic-embed-text:latest",)


def test_cancel_leaves_all_as_it_is(part: AdvicePart, client: FakeClient) -> None:
    part.take.click()
    part.cancel.click()
    assert not part.plan.isVisible()
    assert client.calls == []


def test_a_plan_stays_while_the_memory_that_others_use_changes(part: AdvicePart, client: FakeClient) -> None:
    part.take.click()
    plan = part.plan.text()
    other = on_card(12)
    assert other.sample is not None
    budget = Budget(12 * GIB, 12 * GIB, BudgetSource.DRIVER, others=GIB // 2)
    client.push(msgspec.structs.replace(other, sample=msgspec.structs.replace(other.sample, budget=budget)))
    part.show_snapshot(client.snapshot)
    assert "11.5 GiB" in part.text()
    assert (part.plan.isVisible(), part.plan.text()) == (True, plan)


def test_the_plan_is_next_to_the_button_that_shows_it(part: AdvicePart) -> None:
    part.take.click()
    part.layout().activate()
    lines = [one for one in part.findChildren(QLabel) if one.text().startswith("Pool ")]
    assert part.take.geometry().bottom() < part.apply.mapTo(part, QPoint()).y() < lines[0].y()


def test_another_language_keeps_the_plan(part: AdvicePart, client: FakeClient) -> None:
    ask(part, Use.RAG, 6)
    part.take.click()
    again = AdvicePart(client)  # type: ignore[arg-type]  # as above
    again.take_over(part)
    again.show_snapshot(client.snapshot)
    assert not again.apply.isHidden()
    assert again.plan.text() == part.plan.text()
    delete_now(again)


def test_another_question_discards_the_plan(part: AdvicePart) -> None:
    part.take.click()
    ask(part, Use.RAG, 6)
    assert not part.plan.isVisible()


def test_what_is_in_force_already_need_not_be_used(part: AdvicePart, client: FakeClient, qtbot: QtBot) -> None:
    part.take.click()
    part.apply.click()
    qtbot.waitUntil(lambda: bool(client.calls))
    (_, (settings,)) = client.calls[-1]
    client.push(msgspec.structs.replace(client.snapshot, settings=settings))
    part.show_snapshot(client.snapshot)
    assert not part.take.isEnabled()


def test_a_machine_too_small_for_its_models_says_what_would_fit(part: AdvicePart, client: FakeClient) -> None:
    client.push(on_card(4))
    part.show_snapshot(client.snapshot)
    assert "No room for llama3.1:8b" in part.text()
    assert "This would fit: llama3.2:3b" in part.text()
    assert not part.take.isEnabled()


def test_without_models_it_advises_for_typical_ones(part: AdvicePart, client: FakeClient) -> None:
    client.push(on_card(24, models=()))
    part.show_snapshot(client.snapshot)
    assert "No model is known here: these are typical ones." in part.text()


def test_before_the_engine_has_begun_nothing_is_said(client: FakeClient) -> None:
    client.push(on_card(12, starting=True))
    part = AdvicePart(client)  # type: ignore[arg-type]  # as above
    part.show_snapshot(client.snapshot)
    assert part.text() == ""
    part.take.click()
    assert client.calls == []
    delete_now(part)


def test_nothing_is_made_anew_while_nothing_has_changed(part: AdvicePart, client: FakeClient) -> None:
    before = part.findChildren(QLabel)
    client.push(msgspec.structs.replace(client.snapshot, served=12))
    part.show_snapshot(client.snapshot)
    assert part.findChildren(QLabel) == before


def test_other_hardware_is_shown_when_asked_for_with_the_machines_own_first(part: AdvicePart, qtbot: QtBot) -> None:
    assert "M2 Ultra" not in labels(part)
    part.table.toggle.click()
    qtbot.waitUntil(lambda: "M2 Ultra" in labels(part))
    assert "guides, without model or method: 1.2 requests/s" in labels(part)


def test_another_language_keeps_the_question(part: AdvicePart, client: FakeClient) -> None:
    ask(part, Use.AGENT, 3)
    part.table.toggle.click()
    other = AdvicePart(client)  # type: ignore[arg-type]  # as above
    other.take_over(part)
    assert (other.use.currentData(), other.people.value(), other.table.is_open) == (Use.AGENT, 3, True)
    delete_now(other)
