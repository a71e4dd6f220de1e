"""The test on the connect page: what is sent, how its answer is shown as it comes, and where it says it has failed."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from pytestqt.qtbot import QtBot

from ollama_panel.core.ids import ClientId, InstanceId, RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.records import RequestClass
from ollama_panel.core.snapshot import ProxyRecord, RequestRecord, RequestState
from ollama_panel.core.trial import Trial, TrialPart, TrialState
from ollama_panel.gui.pages.connect import ConnectPage
from ollama_panel.gui.widgets.trial_card import TrialCard
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.snapshots import LLAMA, NOMIC, snapshot

SENT = Trial(RequestId("test-1"), LLAMA)
DONE = RequestRecord(
    SENT.request,
    ClientId("Ollama Panel test"),
    RequestClass.INTERACTIVE,
    LLAMA,
    "/api/chat",
    True,
    RequestState.DONE,
    arrived=100.0,
    dispatched=100.1,
    first_byte=100.4,
    finished=100.76,
    instance=InstanceId("chat-1"),
    prompt_tokens=21,
    output_tokens=17,
    prompt_s=0.3,
    answer_s=0.3,
    load_s=0.0,
)
ANSWERED = msgspec.structs.replace(
    SENT, state=TrialState.ANSWERED, text="Hello!", first_token_s=0.41, total_s=0.76, record=DONE
)


@pytest.fixture
def page(window: MainWindow) -> ConnectPage:
    window.show_page_named("connect")
    return window.connect_page


@pytest.fixture
def card(page: ConnectPage) -> TrialCard:
    return page.trial


def waiting(state: RequestState = RequestState.WAITING, **changes: object) -> RequestRecord:
    return msgspec.structs.replace(DONE, state=state, finished=None, first_byte=None, dispatched=None, **changes)


def test_it_sends_a_question_to_a_model_that_chats_and_is_loaded(
    page: ConnectPage, card: TrialCard, client: FakeClient, qtbot: QtBot
) -> None:
    assert [card.model.itemText(place) for place in range(card.model.count())] == [LLAMA]
    assert NOMIC not in card.model.currentText()
    client.answers["send_test"] = ANSWERED
    page.send.click()
    qtbot.waitUntil(lambda: card.trial == ANSWERED)
    assert ("send_test", (LLAMA, "Say hello in one sentence.")) in client.calls


def test_enter_in_the_question_sends_it_and_an_empty_one_asks_the_usual(
    card: TrialCard, client: FakeClient, qtbot: QtBot
) -> None:
    client.answers["send_test"] = ANSWERED
    card.question.clear()
    qtbot.keyClick(card.question, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: ("send_test", (LLAMA, "Say hello in one sentence.")) in client.calls)


def test_an_answer_is_shown_with_the_time_of_each_part(card: TrialCard, client: FakeClient) -> None:
    client.tested.emit(msgspec.structs.replace(SENT, state=TrialState.ANSWERING, text="Hel", first_token_s=0.41))
    assert (card.state.accessibleName(), card.answer.toPlainText()) == ("Answering", "Hel")
    client.tested.emit(ANSWERED)
    assert (card.state.accessibleName(), card.answer.toPlainText()) == ("Answered", "Hello!")
    assert card.result.text() == "First token after 410 ms, all in 760 ms"
    assert card.instance.text() == "chat-1"
    texts = [caption.text().partition("</span> ")[2] for caption in card.parts.captions if caption.text()]
    assert texts == ["waited 100 ms", "prompt of 21 tokens, 300 ms", "answer of 17 tokens, 300 ms", "panel 60 ms"]


def test_a_late_piece_of_an_answer_changes_nothing_that_has_ended(card: TrialCard, client: FakeClient) -> None:
    client.tested.emit(ANSWERED)
    client.tested.emit(msgspec.structs.replace(SENT, state=TrialState.ANSWERING, text="Hel"))
    assert card.answer.toPlainText() == "Hello!"


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (None, "Sent to the panel…"),
        (waiting(position=3, eta_s=12.0), "Position 3 in the queue, about 12 s to go"),
        (waiting(position=3), "Position 3 in the queue"),
        (waiting(why=notice("waiting.paused")), "Paused by the user."),
        (waiting(RequestState.LOADING), "The model is being loaded…"),
        (waiting(RequestState.RUNNING), "The model reads the prompt…"),
    ],
)
def test_it_tells_what_it_waits_for(
    card: TrialCard, client: FakeClient, record: RequestRecord | None, told: str
) -> None:
    card.running = True
    client.tested.emit(SENT)
    client.push(snapshot(requests=() if record is None else (record,)))
    assert card.state.accessibleName() == "Waiting"
    assert card.result.text() == told


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (TrialPart.ADDRESS, "Failed on the way to the panel."),
        (TrialPart.ACCESS, "The panel did not let it in."),
        (TrialPart.QUEUE, "Failed in the queue."),
        (TrialPart.INSTANCE, "Failed at the instance."),
        (TrialPart.ANSWER, "Failed in the middle of the answer."),
    ],
)
def test_a_failed_one_says_where_and_why(card: TrialCard, client: FakeClient, part: TrialPart, told: str) -> None:
    why = notice("trial.answered", answer="no room")
    client.tested.emit(
        msgspec.structs.replace(SENT, state=TrialState.FAILED, text="Hel", failed_at=part, problem=why, total_s=1.0)
    )
    assert (card.state.accessibleName(), card.result.text()) == ("Failed", told)
    assert card.answer.toPlainText() == "Hel\n\nThe answer ended with an error: no room"


def test_while_one_is_under_way_the_button_cancels_it(
    page: ConnectPage, card: TrialCard, client: FakeClient, qtbot: QtBot
) -> None:
    width = page.send.width()
    card.running = True
    client.tested.emit(SENT)
    client.push(snapshot())
    assert (page.send.text(), page.send.isEnabled(), page.send.width()) == ("Cancel the test", True, width)
    page.send.click()
    qtbot.waitUntil(lambda: ("cancel_test", ()) in client.calls)
    client.tested.emit(msgspec.structs.replace(SENT, state=TrialState.CANCELLED, total_s=1.0))
    assert (card.state.accessibleName(), card.result.text()) == ("Cancelled", "Cancelled before the first token.")
    assert page.send.text() == "Send a test"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"proxy": ProxyRecord()}, "The panel does not listen: nothing can be sent."),
        ({"proxy": ProxyRecord(), "starting": True}, "The panel does not listen yet."),
        ({"models": ()}, "There is no model that chats: ollama-panel pull llama3.2:1b fetches one."),
    ],
)
def test_where_nothing_can_be_sent_the_button_is_grey_and_it_says_why(
    page: ConnectPage, card: TrialCard, client: FakeClient, changes: dict[str, object], told: str
) -> None:
    client.push(snapshot(**changes))
    assert (page.send.isEnabled(), card.result.text()) == (False, told)


def test_another_language_keeps_the_question_and_the_answer(
    page: ConnectPage, client: FakeClient, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.keyClicks(page.trial.question, " Please.")
    client.tested.emit(ANSWERED)
    again = ConnectPage(client, window._theme)  # type: ignore[arg-type]
    again.take_over(page)
    assert again.trial.question.text() == "Say hello in one sentence. Please."
    assert again.trial.answer.toPlainText() == "Hello!"
    again.deleteLater()


def test_long_prompts_and_answers_are_counted_with_separators(card: TrialCard, client: FakeClient) -> None:
    record = msgspec.structs.replace(DONE, prompt_tokens=8900, output_tokens=1)
    client.tested.emit(msgspec.structs.replace(ANSWERED, record=record))
    texts = [QTextDocumentFragment.fromHtml(one.text()).toPlainText() for one in card.parts.captions]
    assert "● prompt of 8,900 tokens, 300 ms" in texts
    assert "● answer of 1 token, 300 ms" in texts
