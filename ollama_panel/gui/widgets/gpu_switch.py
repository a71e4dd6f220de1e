"""The switch "Give me my GPU" of the sidebar: who has the GPU, and the buttons that change it."""

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from ollama_panel.core.gpu_yield import YieldState
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import resources
from ollama_panel.gui.gpu_control import GpuControl
from ollama_panel.gui.gpu_texts import running
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import SM, XS
from ollama_panel.gui.widgets.card import button, flat_button, label, set_property


class GpuSwitch(QFrame):
    """One button while the models have the GPU; else who has it, what that means, and the way back.

    While requests run, the first press asks by a menu whether they end first or are cut; that is remembered, and the
    menu comes again by a right click.
    """

    def __init__(self, theme: Theme, control: GpuControl, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._control = theme, control
        self._snapshot: Snapshot | None = None
        self._compact = self._low = False
        self.title, self.facts = label("", "value", wrap=True), label("", "caption", wrap=True)
        self.give, self.cut, self.back = button(""), button("", small=True), button("", small=True)
        self.small = flat_button("", "")
        self.give.clicked.connect(self._give)
        self.cut.clicked.connect(lambda: control.give(cut=True))
        self.back.clicked.connect(control.take_back)
        self.small.clicked.connect(self._press)
        self.menu = QMenu(self)
        self._finish, self._cut_now = self.menu.addAction(""), self.menu.addAction("")
        self._finish.triggered.connect(lambda: control.choose(cut=False))
        self._cut_now.triggered.connect(lambda: control.choose(cut=True))
        for made in (self.give, self.small):
            made.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            made.customContextMenuRequested.connect(lambda _, at=made: self._ask(at))
            made.setIconSize(QSize(16, 16))
        row = QHBoxLayout()
        row.setSpacing(XS)
        row.addWidget(self.cut)
        row.addWidget(self.back, 1)
        self._whole = QVBoxLayout(self)
        self._whole.setSpacing(XS)
        self._whole.addWidget(self.title)
        self._whole.addWidget(self.facts)
        self._whole.addLayout(row)
        self._whole.addWidget(self.give)
        self._whole.addWidget(self.small, 0, Qt.AlignmentFlag.AlignHCenter)
        control.changed.connect(self._show)
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_compact(self, compact: bool) -> None:
        """Show an icon only, in a narrow window."""
        self._compact = compact
        self._show()

    def set_low(self, low: bool) -> None:
        """Leave out the facts, which the tooltip has, in a low window."""
        if low != self._low:
            self._low = low
            self._show()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show who has the GPU."""
        self._snapshot = snapshot
        self._show()

    def _show(self) -> None:
        if (snapshot := self._snapshot) is None:
            return
        texts, away = self._control.texts, self._control.away
        finishing = snapshot.gpu_yield.state is YieldState.FINISHING
        focused = any(one.hasFocus() for one in (self.give, self.cut, self.back, self))
        self.title.setText(texts.title(snapshot))
        self.facts.setText("\n".join(texts.facts(snapshot)))
        self.give.setText(texts.give(snapshot))
        self.back.setText(self.tr("Back") if finishing else texts.back(snapshot))
        self.cut.setText(texts.cut())
        for made, tip in (
            (self.give, self._give_tip(snapshot)),
            (self.back, texts.back_tip()),
            (self.cut, texts.cut_tip()),
        ):
            made.setToolTip(tip)
        self.back.setAccessibleName(texts.back(snapshot))
        self.give.setEnabled(self._control.can_give())
        self.back.setEnabled(self._control.can_take_back())
        self.cut.setEnabled(self._control.can_cut())
        for part in (self.title, self.back):
            part.setVisible(away and not self._compact)
        self.facts.setVisible(away and not self._compact and not self._low)
        for part in (self.title, self.facts):
            part.setToolTip("\n".join((*texts.facts(snapshot), *texts.notes(snapshot))))
        self.cut.setVisible(finishing and not self._compact)
        self.give.setVisible(not away and not self._compact)
        if focused and not self._compact:
            heir = self.back if away else self.give
            (
                heir if heir.isEnabled() else self
            ).setFocus()  # while a command runs, the next press must hit nothing else
        self._show_small(snapshot, away)
        if (away, self._compact) != self._styled:
            self._restyle()

    def _show_small(self, snapshot: Snapshot, away: bool) -> None:
        texts = self._control.texts
        name = texts.back(snapshot) if away else texts.give(snapshot)
        facts = *texts.facts(snapshot), *texts.notes(snapshot)
        told = (texts.title(snapshot), *facts, name) if away else (name, self._give_tip(snapshot))
        self.small.setAccessibleName(name)
        self.small.setToolTip("\n".join(filter(None, told)))
        self.small.setEnabled(self._control.can_take_back() if away else self._control.can_give())
        self.small.setVisible(self._compact)

    def _give_tip(self, snapshot: Snapshot) -> str:
        tip = self._control.texts.give_tip(snapshot)
        return "\n".join((self.tr("{what} (Ctrl+G)").format(what=tip), self.tr("A right click has the choice again")))

    def _press(self) -> None:
        if self._control.away:
            self._control.take_back()
        else:
            self._give()

    def _give(self) -> None:
        if self._control.asks and self._snapshot is not None and running(self._snapshot):
            self._ask(self.small if self._compact else self.give)
        else:
            self._control.give_as_chosen()

    def _ask(self, at: QWidget) -> None:
        """Ask whether answers end first or are cut."""
        if self._snapshot is None or self._control.away:
            return
        count = running(self._snapshot)
        self._finish.setText(self._control.texts.finish_choice(count))
        self._cut_now.setText(self._control.texts.cut_choice(count))
        self.menu.setActiveAction(self._finish)
        self.menu.popup(at.mapToGlobal(QPoint(0, -self.menu.sizeHint().height() - XS)))

    def _restyle(self) -> None:
        colours, away = self._theme.tokens, self._control.away
        self._styled = away, self._compact
        self.give.setIcon(resources.icon("handover", colours.muted, size=16))
        self.small.setIcon(resources.icon("handover", colours.accent if away else colours.muted))
        set_property(self, "banner", "info" if away and not self._compact else "")
        margin = SM if away and not self._compact else 0
        self._whole.setContentsMargins(margin, margin, margin, margin)
