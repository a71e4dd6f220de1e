"""A test of the way through the panel: which model, what to ask, the answer as it comes, and where the time went."""

from typing import Self

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget
from typing_extensions import override

from ollama_panel.core.ids import ModelName, RequestId
from ollama_panel.core.ollama.models import is_embedding
from ollama_panel.core.request_spans import Part, Span, spans
from ollama_panel.core.snapshot import RequestRecord, RequestState, Snapshot
from ollama_panel.core.trial import Trial, TrialPart, TrialState
from ollama_panel.gui import format as fmt
from ollama_panel.gui import tasks
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.models.request_texts import part_text
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import SM
from ollama_panel.gui.widgets.card import Card, label, rule, set_tone
from ollama_panel.gui.widgets.inputs import ComboBox
from ollama_panel.gui.widgets.parts_bar import PartsBar
from ollama_panel.gui.widgets.state_pill import StatePill

_ENDED = (TrialState.ANSWERED, TrialState.FAILED, TrialState.CANCELLED)
_LONGEST_QUESTION = 500


class TrialCard(Card):
    """Sends one test at a time. `changed` is emitted when it may be sent, or cancelled, or neither any more."""

    changed = Signal()

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Test"), parent)
        self._client = client
        self.trial: Trial | None = None
        self.running = False
        self._snapshot = client.snapshot
        self.state = StatePill(theme)
        self.heading.addWidget(self.state)
        self.model = ComboBox()
        self.model.setAccessibleName(self.tr("Model of the test"))
        self.model.setToolTip(self.tr("Which model answers; one that is loaded answers at once"))
        self.model.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._usual = self.tr("Say hello in one sentence.")
        self.question = QLineEdit(self._usual)
        self.question.setAccessibleName(self.tr("Question of the test"))
        self.question.setMaxLength(_LONGEST_QUESTION)
        self.question.returnPressed.connect(self.send)
        self.answer = QPlainTextEdit()
        self.answer.setReadOnly(True)
        self.answer.setTabChangesFocus(True)
        self.answer.setAccessibleName(self.tr("Answer to the test"))
        self.parts = PartsBar(theme, self.tr("Where the time of the test went"))
        self.result = label("", wrap=True)
        self.result.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.result.setMinimumHeight(2 * self.result.fontMetrics().lineSpacing())  # a longer line moves nothing
        self.instance = label("", "muted")
        self._lay_out()
        client.tested.connect(self._progressed)
        self._show()

    @property
    def ready(self) -> bool:
        """Whether a test can be sent."""
        return not self.running and bool(self._snapshot.proxy.url) and self.model.currentIndex() >= 0

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Offer the models that there are, and tell what a test waits for."""
        before, self._snapshot = self.ready, snapshot
        names = _chat_models(snapshot)
        if names != [self.model.itemText(place) for place in range(self.model.count())]:
            chosen = self.model.currentText()
            self.model.clear()
            self.model.addItems(names)
            self.model.setCurrentIndex(max(0, self.model.findText(chosen)) if names else -1)
        if self.running or self.trial is None:
            self._show()
        if before is not self.ready:
            self.changed.emit()

    @Slot()
    def send(self) -> None:
        """Send a test, if one can be sent."""
        if self.ready:
            self.running = True
            self.trial = None
            self._show()
            self.changed.emit()
            question = self.question.text().strip() or self._usual
            self._client.spawn(self._send(ModelName(self.model.currentText()), question))

    @Slot()
    def cancel(self) -> None:
        """Cancel the test that is under way."""
        self._client.spawn(self._client.cancel_test())

    def take_over(self, old: Self) -> None:
        """Go on with what the user has begun on a card that this one replaces in another language."""
        self.show_snapshot(self._client.snapshot)
        self.model.setCurrentIndex(self.model.findText(old.model.currentText()))
        if old.question.isModified():
            self.question.setText(old.question.text())
            self.question.setModified(True)
        self.trial, self.running = old.trial, old.running
        self._show()
        self.changed.emit()

    async def _send(self, model: ModelName, question: str) -> None:
        try:
            ended = await self._client.send_test(model, question)
            self._client.tested.emit(ended)
        finally:
            if tasks.exists(self):
                self.running = False
                self._show()
                self.changed.emit()

    @Slot(object)
    def _progressed(self, trial: Trial) -> None:
        if self.trial is not None and self.trial.request == trial.request and self.trial.state in _ENDED:
            return
        self.trial = trial
        if trial.state in _ENDED:
            self.running = False
            self.changed.emit()
        self._show()

    def _show(self) -> None:
        trial = self.trial
        self.state.show_state(*self._state(trial))
        text = "" if trial is None else trial.text or trial.thinking
        if trial is not None and trial.problem is not None:
            text = "\n\n".join(filter(None, (text, notice_text(trial.problem))))
        if text != self.answer.toPlainText():
            self.answer.setPlainText(text)
            bar = self.answer.verticalScrollBar()
            bar.setValue(bar.maximum())
        self._show_parts(trial)
        failed = trial is not None and trial.state is TrialState.FAILED
        self.result.setText(self._result(trial))
        set_tone(self.result, "danger" if failed else "")
        record = None if trial is None else trial.record or self._waiting(trial.request)
        self.instance.setText(str(record.instance or "") if record is not None else "")

    def _state(self, trial: Trial | None) -> tuple[str, str]:
        if trial is None:
            return (self.tr("Sent"), "info") if self.running else (self.tr("Not sent"), "muted")
        return {
            TrialState.SENT: (self.tr("Waiting"), "info"),
            TrialState.ANSWERING: (self.tr("Answering"), "info"),
            TrialState.ANSWERED: (self.tr("Answered"), "ok"),
            TrialState.FAILED: (self.tr("Failed"), "danger"),
            TrialState.CANCELLED: (self.tr("Cancelled"), "muted"),
        }[trial.state]

    def _result(self, trial: Trial | None) -> str:
        """Return the line below the answer: what is to be done, what the test waits for, or how it ended."""
        if trial is None and not self.running:
            return self._hint()
        if trial is None or trial.state is TrialState.SENT:
            return self._wait(None if trial is None else self._waiting(trial.request))
        if trial.failed_at is not None:
            return self._failure(trial.failed_at)
        if trial.first_token_s is None:
            return self.tr("Cancelled before the first token.")
        first = fmt.duration(trial.first_token_s)
        if trial.total_s is None:
            return self.tr("First token after {first}").format(first=first)
        return self.tr("First token after {first}, all in {all}").format(first=first, all=fmt.duration(trial.total_s))

    def _hint(self) -> str:
        if not self._snapshot.proxy.url and self._snapshot.starting:
            return self.tr("The panel does not listen yet.")
        if not self._snapshot.proxy.url:
            return self.tr("The panel does not listen: nothing can be sent.")
        if self.model.currentIndex() < 0:
            return self.tr("There is no model that chats: ollama-panel pull llama3.2:1b fetches one.")
        return self.tr("A test takes the same way as your programs.")

    def _wait(self, record: RequestRecord | None) -> str:
        if record is None:
            return self.tr("Sent to the panel…")
        if record.state is RequestState.LOADING:
            return self.tr("The model is being loaded…")
        if record.state is not RequestState.WAITING:
            return self.tr("The model reads the prompt…")
        if record.why is not None and record.position is None:
            return notice_text(record.why)
        told = self.tr("Position {position} in the queue").format(position=fmt.number(record.position))
        if record.eta_s is None:
            return told
        return self.tr("{told}, about {time} to go").format(told=told, time=fmt.duration(record.eta_s))

    def _failure(self, part: TrialPart) -> str:
        return {
            TrialPart.ADDRESS: self.tr("Failed on the way to the panel."),
            TrialPart.ACCESS: self.tr("The panel did not let it in."),
            TrialPart.QUEUE: self.tr("Failed in the queue."),
            TrialPart.INSTANCE: self.tr("Failed at the instance."),
            TrialPart.ANSWER: self.tr("Failed in the middle of the answer."),
        }[part]

    def _waiting(self, request: RequestId) -> RequestRecord | None:
        return next((one for one in self._snapshot.requests if one.id == request), None)

    def _show_parts(self, trial: Trial | None) -> None:
        """Show where the time of a test went that has ended."""
        record = None if trial is None else trial.record
        found = () if record is None else spans(record, self._snapshot.at)
        self.parts.show_spans(found, [self._part(span, record) for span in found if record is not None])

    def _part(self, span: Span, record: RequestRecord) -> str:
        time = fmt.duration(span.seconds)
        if span.part is Part.PROMPT and record.prompt_tokens is not None:
            name = self.tr("prompt of %Ln token(s)", "", record.prompt_tokens)
        elif span.part is Part.ANSWER and record.output_tokens is not None:
            name = self.tr("answer of %Ln token(s)", "", record.output_tokens)
        else:
            return self.tr("{part} {time}").format(part=part_text(span.part), time=time)
        return self.tr("{part}, {time}").format(part=name, time=time)

    def _lay_out(self) -> None:
        choice = QHBoxLayout()
        choice.setSpacing(SM)
        choice.addWidget(self.model, 2)
        choice.addWidget(self.question, 3)
        last = QHBoxLayout()
        last.addWidget(self.result, 1)
        last.addWidget(self.instance, 0, Qt.AlignmentFlag.AlignTop)
        self.body.setSpacing(SM)
        self.body.addLayout(choice)
        self.body.addWidget(self.answer, 1)
        self.body.addWidget(self.parts)
        self.body.addWidget(rule())
        self.body.addLayout(last)

    @override
    def hasHeightForWidth(self) -> bool:
        return False  # what wraps scrolls in its own field


def _chat_models(snapshot: Snapshot) -> list[str]:
    """Return the names of the models that chat, those that are loaded first."""
    loaded = {model.name for one in snapshot.instances for model in one.models}
    names = [facts.name for facts in snapshot.models if not is_embedding(facts)]
    return sorted(names, key=lambda name: (name not in loaded, name))
