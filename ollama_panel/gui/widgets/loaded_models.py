"""The models in the memory of an instance: what each takes, to unload and to pin it, and to load others."""

from collections.abc import Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from ollama_panel.core.gpu_yield import YieldState
from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.models import canonical
from ollama_panel.core.ollama.runners import LoadedModel
from ollama_panel.core.snapshot import InstanceRecord, Snapshot
from ollama_panel.gui import format as fmt
from ollama_panel.gui import model_results, preview, tasks
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.loadable import loadable
from ollama_panel.gui.tokens import SM, XS
from ollama_panel.gui.widgets.card import button, label
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.layout import drop_rows

_Key = tuple[InstanceId, ModelName]


class ModelRow(QWidget):
    """One model: its name, what it takes or what is done with it, and its buttons."""

    pin_wanted, unload_wanted, load_wanted = Signal(), Signal(), Signal()

    def __init__(self, name: ModelName, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = name
        self.name, self.state = ElidedLabel(name, "value"), label("", "muted")
        self.pin, self.unload = button("", small=True), button(self.tr("Unload"), small=True)
        self.unload.setAccessibleName(self.tr("Unload {model}").format(model=name))
        self.load = button(self.tr("Load"), small=True)
        self.load.setAccessibleName(self.tr("Load {model}").format(model=name))
        self.load.setMinimumWidth(self.unload.sizeHint().width())
        self.pin.clicked.connect(self.pin_wanted)
        self.unload.clicked.connect(self.unload_wanted)
        self.load.clicked.connect(self.load_wanted)
        self.pin.setText(self.tr("Unpin"))
        self.pin.setMinimumWidth(self.pin.sizeHint().width())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SM)
        row.addWidget(self.name, 1)
        for part in (self.state, self.pin, self.unload, self.load):
            row.addWidget(part)

    def show_state(
        self, state: str, *, here: bool, pinned: bool, why_no_pin: str, why_no_unload: str, why_no_load: str
    ) -> None:
        """Show what is told of the model, and whether it is here or only pinned.

        A button that does nothing now has the reason in its tooltip.
        """
        self.unload.setVisible(here)
        self.load.setVisible(not here)
        self.load.setEnabled(not why_no_load)
        self.load.setToolTip(why_no_load or self.tr("Loads it again now, not only at the next start"))
        self.state.setText(state)
        self.pin.setText(self.tr("Unpin") if pinned else self.tr("Pin"))
        text = self.tr("Unpin {model}") if pinned else self.tr("Pin {model}")
        self.pin.setAccessibleName(text.format(model=self._model))
        self.pin.setEnabled(not why_no_pin)
        self.unload.setEnabled(not why_no_unload)
        tip = (
            self.tr("It is no longer loaded at every start; it stays in memory as others do")
            if pinned
            else self.tr("It is loaded whenever a worker of the pool starts, and stays in memory")
        )
        self.pin.setToolTip(why_no_pin or tip)
        free = self.tr("Its requests end first; the next one loads it again")
        self.unload.setToolTip(why_no_unload or free)


class LoadedModels(QWidget):
    """The rows of an instance's models, and the button that loads another."""

    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._record: InstanceRecord | None = None
        self._snapshot: Snapshot | None = None
        self._shown: object = None
        self._under_way: dict[_Key, str] = {}
        self.rows: dict[_Key, ModelRow] = {}
        self.load = button(self.tr("Load a model…"), small=True)
        self.load.clicked.connect(self._open)
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        self._empty = label("", "muted", wrap=True)
        heading = QHBoxLayout()
        heading.addWidget(label(self.tr("Models in memory"), "section"))
        heading.addStretch()
        heading.addWidget(self.load)
        self._list = QVBoxLayout()
        self._list.setSpacing(XS)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(XS)
        whole.addLayout(heading)
        whole.addWidget(self._empty)
        whole.addLayout(self._list)

    def show_record(self, record: InstanceRecord, snapshot: Snapshot) -> None:
        """Show the models of an instance."""
        what = record, snapshot.settings, snapshot.fatal, snapshot.gpu_yield.state
        if what == self._shown:
            return
        self._record, self._snapshot, self._shown = record, snapshot, what
        loading = [name for name in record.loading if all(model.name != name for model in record.models)]
        names = [*(model.name for model in record.models), *loading]
        away = [name for name in _pinned(record, snapshot) if name not in names]
        names += away
        drop_rows(self.rows, {(record.id, name) for name in names}, self._list)
        for place, name in enumerate(names):
            key = record.id, name
            if key not in self.rows:
                self.rows[key] = self._made(key)
            if self._list.indexOf(self.rows[key]) != place:
                self._list.insertWidget(place, self.rows[key])
        for model in record.models:
            self._show_row(record, snapshot, model.name, self._size(model, snapshot))
        for number, name in enumerate(loading):
            text = self.tr("waits to be loaded") if number else self.tr("is being loaded…")
            self._show_row(record, snapshot, name, text, loading=True)
        for name in away:
            self._show_row(record, snapshot, name, self.tr("not in memory"), here=False)
        ready = record.phase is Phase.READY
        self._empty.setText(self.tr("None is loaded.") if ready else self.tr("The instance does not run."))
        self._empty.setVisible(len(names) == len(away))
        why = self._why_not(record, snapshot) or self._why_no_load(snapshot)
        self.load.setEnabled(not why)
        self.load.setToolTip(why or self.tr("Loads a model now, so that the first request need not wait for it"))

    def _show_row(
        self,
        record: InstanceRecord,
        snapshot: Snapshot,
        name: ModelName,
        state: str,
        *,
        here: bool = True,
        loading: bool = False,
    ) -> None:
        pinned = name in _pinned(record, snapshot)
        doing = self._under_way.get((record.id, name), "")
        told = [state, self.tr("pinned")] if pinned else [state]
        why = self._why_not(record, snapshot) or doing
        foreign = "" if record.managed else self.tr("The panel does not start this server, so nothing is pinned there")
        self.rows[record.id, name].show_state(
            doing or " · ".join(filter(None, told)),
            here=here,
            pinned=pinned,
            why_no_pin=foreign or doing or (self.tr("The engine has stopped") if snapshot.fatal else ""),
            why_no_unload=why or (self.tr("It is being loaded") if loading else ""),
            why_no_load=why or self._why_no_load(snapshot),
        )

    def _size(self, model: LoadedModel, snapshot: Snapshot) -> str:
        return fmt.size((model.size_vram if snapshot.gpu else model.size) or model.size or None)

    def _why_not(self, record: InstanceRecord, snapshot: Snapshot) -> str:
        if snapshot.fatal is not None:
            return self.tr("The engine has stopped")
        return "" if record.phase is Phase.READY else self.tr("The instance does not run.")

    def _why_no_load(self, snapshot: Snapshot) -> str:
        if snapshot.gpu_yield.state is YieldState.SERVING:
            return ""
        return self.tr("The memory is given to other programs; take it back first")

    def _made(self, key: _Key) -> ModelRow:
        made = ModelRow(key[1])
        made.pin_wanted.connect(partial(self._pin, key))
        made.unload_wanted.connect(partial(self._unload, key))
        made.load_wanted.connect(partial(self._load, key))
        return made

    def _pin(self, key: _Key) -> None:
        if self._record is None or self._snapshot is None:
            return
        on = key[1] not in _pinned(self._record, self._snapshot)
        self._begin(key, "", model_results.pin(self._client, *key, on=on))

    def _unload(self, key: _Key) -> None:
        self._begin(key, self.tr("is being unloaded…"), model_results.unload(self._client, *key))

    def _load(self, key: _Key) -> None:
        self._begin(key, self.tr("is being loaded…"), model_results.load(self._client, *key))

    def _open(self) -> None:
        """Show the models that can be loaded, with what each needs."""
        if self._record is None or self._snapshot is None:
            return
        self.menu.clear()
        found = loadable(self._client.snapshot, self._record)
        for one in found:
            size = fmt.size(one.needed) if one.needed is not None else fmt.UNKNOWN
            action = self.menu.addAction(f"{one.name}\t{size} · {one.fits}".replace("&", "&&"))
            key = self._record.id, one.name
            action.setEnabled(one.possible and key not in self._under_way)
            action.triggered.connect(partial(self._load, key))
        if not found:
            self.menu.addAction(self.tr("All models are loaded, or there is none")).setEnabled(False)
        self.menu.popup(self.load.mapToGlobal(QPoint(0, self.load.height() + XS)))

    def _begin(self, key: _Key, doing: str, command: Coroutine[Any, Any, None]) -> None:
        if key in self._under_way:
            command.close()
            return
        self._under_way[key] = doing or self.tr("is being changed…")
        self._refresh()
        self._client.spawn(self._run(key, command))

    async def _run(self, key: _Key, command: Coroutine[Any, Any, None]) -> None:
        try:
            await command
        finally:
            self._under_way.pop(key, None)
            if tasks.exists(self):
                self._refresh()

    def _refresh(self) -> None:
        if self._record is not None and self._snapshot is not None:
            self._shown = None
            self.show_record(self._record, self._snapshot)


def _pinned(record: InstanceRecord, snapshot: Snapshot) -> tuple[ModelName, ...]:
    """Return the models that are pinned in an instance, by their whole names."""
    pool = preview.pool_of(snapshot.settings, record.pool)
    return tuple(map(canonical, pool.preload)) if record.managed and pool is not None else ()
