"""What of the settings a target carries, and what is lost."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ollama_panel.core.export.deployment import Aspect, Group, Target
from ollama_panel.gui import resources
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import MD
from ollama_panel.gui.widgets.card import Card, label

_ICON = 16
"""Pixels."""


class CarriesCard(Card):
    """A row for each part of the settings, with a tick or a cross."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("What it carries"), parent)
        self._theme = theme
        self._shown: tuple[tuple[bool, str], ...] = ()
        self._marks: list[QLabel] = []
        self.rows: list[QWidget] = []
        self.rest = label("", "muted", wrap=True)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(3)
        self.body.addLayout(self._lines)
        self.body.addWidget(self.rest)
        self.body.addStretch()
        theme.changed.connect(self._restyle)

    @property
    def told(self) -> tuple[tuple[bool, str], ...]:
        """What is said: whether it is carried, and what it is."""
        return self._shown

    def show_target(self, target: Target, workers: int) -> None:
        """Show what a target carries of settings with so many workers."""
        found = tuple(self._parts(target, workers))
        self.rest.setText(self._rest_of(target))
        self.rest.setVisible(bool(self.rest.text()))
        if found == self._shown:
            return
        self._shown = found
        for gone in self.rows:
            self._lines.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self.rows, self._marks = [], []
        for carried, text in found:
            self._add(text, carried)
        self._restyle()

    def _parts(self, target: Target, workers: int) -> Iterator[tuple[bool, str]]:
        has = target.carries
        if Aspect.CONTEXT in has:
            yield True, self.tr("the context of each model")
            yield False, self.tr("slots, KV cache")
        else:
            yield Aspect.VARIABLES in has, self.tr("slots, context, KV cache")
        if has & {Aspect.VARIABLES, Aspect.CONTEXT}:
            yield True, self.tr("figures and hardware")
        serves = target.group is not Group.PROXY  # what stands in front leaves these to the servers
        if serves:
            yield Aspect.KEPT in has, self.tr("models that stay loaded")
            yield Aspect.STORE in has, self.tr("the folder of the models")
        if workers > 1:
            every = Aspect.WORKERS in has
            yield (
                every,
                self.tr("all %n worker(s)", "", workers) if every else self.tr("%n further worker(s)", "", workers - 1),
            )
        if serves:
            yield Aspect.RESTARTS in has, self.tr("a new start after a crash")
        queue, fairness = Aspect.QUEUE in has, Aspect.FAIRNESS in has
        if queue == fairness:
            yield queue, self.tr("queue, classes, weights")
        else:
            yield queue, self.tr("a queue before the slots")
            yield fairness, self.tr("classes, weights, limits")

    def _rest_of(self, target: Target) -> str:
        if Aspect.QUEUE not in target.carries and target.group not in (Group.PROXY, Group.PROGRAM):
            return self.tr("HAProxy in front carries a queue.")
        if Aspect.FAIRNESS not in target.carries and target.group is Group.PROXY:
            return self.tr("Only the panel lets chats go before batch work.")
        return ""

    def _add(self, text: str, carried: bool) -> None:
        mark, words = label(), label(text, "" if carried else "muted", wrap=True)
        mark.setFixedWidth(_ICON)
        mark.setAlignment(Qt.AlignmentFlag.AlignTop)
        row = QWidget()
        told = self.tr("carried: {what}") if carried else self.tr("not carried: {what}")
        row.setAccessibleName(told.format(what=text))
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(MD - 4)
        line.addWidget(mark)
        line.addWidget(words, 1)
        self._marks.append(mark)
        self.rows.append(row)
        self._lines.addWidget(row)

    def _restyle(self) -> None:
        colours = self._theme.tokens
        for mark, (carried, _) in zip(self._marks, self._shown, strict=True):
            name, colour = ("check", colours.ok) if carried else ("close", colours.warn)
            mark.setPixmap(resources.pixmap(name, colour, _ICON, self.devicePixelRatioF()))
