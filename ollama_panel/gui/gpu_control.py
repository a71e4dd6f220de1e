"""The switch "Give me my GPU" for the sidebar, the menus and the tray: one command of a kind at a time."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence

from ollama_panel.core.gpu_yield import YieldState
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import gpu_results, tasks
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.gpu_texts import GpuTexts
from ollama_panel.gui.window_state import WindowState

_KEY = "gpu/cut"
_UNKNOWN, _FINISH, _CUT = "", "finish", "cut"


class GpuControl(QObject):
    """Its actions, and what the user has chosen for the answers that run. `changed`: a button may have another state.

    `switch` gives the GPU away or takes it back; `cut` ends the answers on which that still waits.
    """

    changed = Signal()

    def __init__(self, client: EngineClient, state: WindowState | None = None, parent: QObject | None = None) -> None:
        """`state` keeps from one run to the next what the user has chosen for the answers that run."""
        super().__init__(parent)
        self._client, self._state = client, state
        self._chosen = state.value(_KEY, _UNKNOWN) if state is not None else _UNKNOWN
        self._commands = tasks.OneOfAKind(self, client.spawn, self._tell)
        self.texts = GpuTexts(self)
        self.switch, self.cut = QAction(self), QAction(self)
        self.switch.setCheckable(True)
        self.switch.setShortcut(QKeySequence("Ctrl+G"))
        self.switch.triggered.connect(self._toggle)
        self.cut.triggered.connect(lambda: self.give(cut=True))
        self.show_snapshot(client.snapshot)

    @property
    def asks(self) -> bool:
        """Whether the user has not yet chosen what becomes of answers that run."""
        return self._chosen not in (_FINISH, _CUT)

    @property
    def away(self) -> bool:
        """Whether the GPU is given away, or about to be."""
        return self._client.snapshot.gpu_yield.state is not YieldState.SERVING

    def choose(self, *, cut: bool) -> None:
        """Give the GPU away in this way, also the next times."""
        self._chosen = _CUT if cut else _FINISH
        if self._state is not None:
            self._state.set(_KEY, self._chosen)
        self.give(cut=cut)

    def give_as_chosen(self) -> None:
        """Give the GPU away as the user has last chosen; who has not lets requests end first."""
        self.give(cut=self._chosen == _CUT)

    def give(self, *, cut: bool) -> None:
        """Give the GPU away, once at a time; `cut` ends the answers that run."""
        tell = not self._commands.runs("give", "cut")
        self._commands.spawn("cut" if cut else "give", gpu_results.give(self._client, cut=cut, tell=tell))

    def take_back(self) -> None:
        """Take the GPU back, once at a time."""
        self._commands.spawn("back", gpu_results.take_back(self._client))

    def can_give(self) -> bool:
        """Return whether the GPU can be given away now."""
        return self._alive() and not self.away and not self._commands.runs("give", "cut")

    def can_cut(self) -> bool:
        """Return whether there are answers to cut."""
        finishing = self._client.snapshot.gpu_yield.state is YieldState.FINISHING
        return self._alive() and finishing and not self._commands.runs("cut")

    def can_take_back(self) -> bool:
        """Return whether the GPU can be taken back now."""
        return self._alive() and self.away and not self._commands.runs("back")

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show in the actions who has the GPU."""
        self.switch.setText(self.texts.give(snapshot))
        self.switch.setToolTip(self.texts.back_tip() if self.away else self.texts.give_tip(snapshot))
        self.switch.setChecked(self.away)
        self.switch.setEnabled(self.can_give() or self.can_take_back())
        self.cut.setText(self.texts.cut_choice(max(1, snapshot.gpu_yield.running)))
        self.cut.setToolTip(self.texts.cut_tip())
        self.cut.setVisible(snapshot.gpu_yield.state is YieldState.FINISHING)
        self.cut.setEnabled(self.can_cut())

    def _alive(self) -> bool:
        snapshot = self._client.snapshot
        return not snapshot.fatal and not snapshot.starting

    @Slot()
    def _toggle(self) -> None:
        self.switch.setChecked(self.away)  # Qt has changed it; what the panel does decides
        if self.away:
            self.take_back()
        else:
            self.give_as_chosen()

    def _tell(self) -> None:
        self.show_snapshot(self._client.snapshot)
        self.changed.emit()
