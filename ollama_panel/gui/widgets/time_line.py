"""The card of the chosen request: its time line, the reason for each long part, and what one can do with it."""

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from ollama_panel.core.request_spans import Part, Span, spans
from ollama_panel.core.snapshot import RequestRecord
from ollama_panel.gui import format as fmt
from ollama_panel.gui import resources
from ollama_panel.gui.models.request_texts import class_text, is_live, part_text, short_id, state_label, whole_text
from ollama_panel.gui.models.requests import Key, key_of
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, SM
from ollama_panel.gui.widgets.card import Card, button, flat_button, label
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.span_bar import COLOURS, SpanBar
from ollama_panel.gui.widgets.state_pill import StatePill

_ICON = 15


class TimeLine(Card):
    """The time line of the chosen request, which stays when that has ended, and the buttons for the chosen ones.

    Without one it keeps its place, and shows a hint.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._theme = theme
        self._came: tuple[Key, QDateTime] | None = None
        self._client, self._id = label("", "section"), label()
        self._id.setObjectName("mono")
        self._about = ElidedLabel("", "muted")
        self._state = StatePill(theme)
        self.copy_id = flat_button(self.tr("Copy id"), self.tr("Copies the request's whole id"))
        self.front = self._button(self.tr("Move to front"), self.tr("Lets the chosen requests begin before all others"))
        self.copy_curl = self._button(
            self.tr("Copy as curl"), self.tr("Copies a command that repeats the request, without its content")
        )
        self.cancel = self._button(
            self.tr("Cancel request"), self.tr("Ends the request; its client gets an error (Del)")
        )
        self.cancel.setProperty("danger", True)
        self._bar = SpanBar(theme)
        self._legend = label("", "caption")
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._key = label(self.tr("Solid: measured. Outlined: estimated."), "caption")
        self._why = ElidedLabel("", "muted")
        self._hint = label("", "muted", wrap=True)
        for words in (self._id, self._hint):
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._of_one = (self._client, self._id, self.copy_id, self._about, self._state)
        self._below = (self._bar, self._legend, self._key, self._why)
        for widget in self._below:
            kept = widget.sizePolicy()
            kept.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(kept)
        policy = self._legend.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        self._legend.setSizePolicy(policy)
        theme.changed.connect(self._restyle)
        self._lay_out()
        self._restyle()

    def show_record(self, record: RequestRecord, now: float, *, paused: bool = False) -> None:
        """Show a request at the time `now`."""
        self._show_hint("")
        found = spans(record, now, paused=paused)
        self._client.setText(record.client)
        self._id.setText(short_id(record.id))
        self._id.setToolTip(record.id)
        self._about.show_text(" · ".join((record.model, class_text(record.request_class), record.path)))
        self._state.show_state(*state_label(record))
        self._why.show_text(self._told(record, now))
        self._bar.show_spans(found, self._times(record, now, found))
        texts = self._parts(found)
        self._legend.setText("&nbsp;&nbsp;&nbsp; ".join(self._dotted(part, text) for part, text in texts.items()))
        self._key.setText(self.tr("Solid: measured. Outlined: estimated.") if is_live(record) else "")
        self._bar.setAccessibleName(self.tr("Time line"))
        self._bar.setAccessibleDescription(", ".join(texts.values()))

    @override
    def hasHeightForWidth(self) -> bool:
        return False  # the hint, which wraps, would make the page higher than it must be

    def show_several(self, all_of_them: int, live: int) -> None:
        """Show that several requests are chosen, and how many of them have not ended."""
        text = self.tr("%n request(s) chosen", "", all_of_them)
        self._show_hint(f"{text} · " + self.tr("not ended: {number}").format(number=fmt.number(live)))

    def show_hint(self, text: str) -> None:
        """Show a hint, because no request is chosen."""
        self._show_hint(text)

    def _show_hint(self, text: str) -> None:
        self._hint.setText(text)
        self._hint.setVisible(bool(text))
        for widget in (*self._of_one, *self._below):
            widget.setVisible(not text)

    def _parts(self, found: tuple[Span, ...]) -> dict[Part, str]:
        """Return what is said of each part: what it took, what it will take, or both."""
        texts = {}
        for part in dict.fromkeys(span.part for span in found):
            took = [span.seconds for span in found if span.part is part and span.measured]
            rest = [span.seconds for span in found if span.part is part and not span.measured]
            name = part_text(part)
            if took and rest:
                text = self.tr("{part} {time}, about {rest} to go")
            elif rest:
                text = self.tr("{part} ≈ {rest}")
            else:
                text = self.tr("{part} {time}")
            texts[part] = text.format(part=name, time=fmt.duration(sum(took)), rest=fmt.duration(sum(rest)))
        return texts

    def _dotted(self, part: Part, text: str) -> str:
        return f'<span style="color:{getattr(self._theme.tokens, COLOURS[part])}">●</span> {text}'

    def _times(self, record: RequestRecord, now: float, found: tuple[Span, ...]) -> tuple[str, str, str]:
        """Return what is said of the beginning, of now, and of the end: times of day."""
        if self._came is None or self._came[0] != key_of(record):
            self._came = key_of(record), QDateTime.currentDateTime().addMSecs(round(1000 * (record.arrived - now)))
        came = self._came[1]
        begin = self.tr("came {time}").format(time=_clock(came))
        if record.finished is not None:
            ended = came.addMSecs(round(1000 * (record.finished - record.arrived)))
            return begin, "", self.tr("ended {time}").format(time=_clock(ended))
        if not any(span.part is Part.ANSWER and not span.measured for span in found):
            return begin, self.tr("now"), ""
        answered = came.addMSecs(round(1000 * sum(span.seconds for span in found)))
        return begin, self.tr("now"), self.tr("answered ≈ {time}").format(time=_clock(answered))

    def _told(self, record: RequestRecord, now: float) -> str:
        parts = [record.instance or "", whole_text(record).replace("\n", " ")]
        if record.finished is not None:
            parts.append(self.tr("ended {time} ago").format(time=fmt.duration(max(0.0, now - record.finished))))
        return " · ".join(part for part in parts if part)

    def _button(self, text: str, tip: str) -> QPushButton:
        return button(text, tip, small=True)

    def _restyle(self) -> None:
        colours = self._theme.tokens
        for widget, name in ((self.front, "front"), (self.copy_curl, "copy"), (self.copy_id, "copy")):
            widget.setIcon(resources.icon(name, colours.text, disabled=colours.muted, size=_ICON))
            widget.setIconSize(QSize(_ICON, _ICON))

    def _lay_out(self) -> None:
        top, legend = QHBoxLayout(), QHBoxLayout()
        top.setSpacing(SM)
        top.addStrut(28)  # the row is as high without a request
        for widget in (self._client, self._id, self.copy_id, self._state):
            top.addWidget(widget)
        top.addWidget(self._about, 1)
        top.addWidget(self._hint, 1)
        for action in (self.front, self.copy_curl, self.cancel):
            top.addWidget(action)
        legend.setSpacing(LG)
        legend.addWidget(self._legend, 1)
        legend.addWidget(self._key)
        self.body.setSpacing(SM - 4)
        self.body.addLayout(top)
        self.body.addWidget(self._bar)
        self.body.addLayout(legend)
        self.body.addWidget(self._why)
        self.setFixedHeight(self.sizeHint().height())


def _clock(moment: QDateTime) -> str:
    return QLocale().toString(moment.time(), "HH:mm:ss")
