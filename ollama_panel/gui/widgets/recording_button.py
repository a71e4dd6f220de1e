"""The button of the recording: how large it is, and a menu to record, to save the last minutes, to get at the file."""

from typing import Any

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from ollama_panel.core.recording import RECENT_S
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import format as fmt
from ollama_panel.gui import recording_results, resources, results, tasks
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import XS

_LEAST_S = 1.0
"""Less of the past is not worth a file."""
_ICON_ONLY = 38
"""Pixels: the button without a text."""


class RecordingButton(QPushButton):
    """Shows whether the run is recorded; `menu` has what can be done."""

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client, self._theme = client, theme
        self._snapshot: Snapshot | None = None
        self._narrow = False
        self._commands = tasks.OneOfAKind(self, client.spawn, self._refresh)
        self.actions_menu = QMenu(self)
        self.actions_menu.setToolTipsVisible(True)
        self.record = self._action(self._record)
        self.record.setCheckable(True)
        self.told = self._action(None)
        self.told.setEnabled(False)
        self.taken = self._action(None)
        self.taken.setEnabled(False)
        self._show_taken(None)
        self.actions_menu.addSeparator()
        self.save = self._action(self._save)
        self.actions_menu.addSeparator()
        self.show_file, self.copy_path = self._action(self._show_file), self._action(self._copy_path)
        self.copy_command = self._action(self._copy_command)
        self.record.setText(self.tr("Record this run"))
        self.record.setToolTip(self.tr("Names, lengths and times of what happens, no content"))
        self.show_file.setText(self.tr("Show the file"))
        self.copy_path.setText(self.tr("Copy its path"))
        self.copy_command.setText(self.tr("Copy the command that replays it"))
        self.setText(self.tr("Record"))
        self.setIconSize(QSize(14, 14))
        self.clicked.connect(self._open)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.setAccessibleName(self.tr("Recording"))
        self._give_room()

    def set_narrow(self, narrow: bool) -> None:
        """Show an icon only, on a narrow page."""
        self._narrow = narrow
        self._give_room()
        self._refresh()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the recording of a snapshot."""
        before, self._snapshot = self._snapshot, snapshot
        one = snapshot.recording
        told, tip = self._told(snapshot), self.tr("Records what happens, for ollama-panel bench replay; no content")
        text = fmt.size(one.size) if one.on else self.tr("Record")
        self.setText("" if self._narrow else text)
        self.setAccessibleDescription(told)
        self.setToolTip(f"{tip}\n{told}")
        alive = self._alive()
        self.record.setChecked(one.on)
        self.record.setEnabled(alive and not self._commands.runs("record"))
        self.told.setText(told)
        self._show_save(snapshot, alive=alive)
        for action in (self.show_file, self.copy_path, self.copy_command):
            action.setEnabled(bool(one.path))
        if before is None or before.recording.on is not one.on:
            self._restyle()

    def _show_save(self, snapshot: Snapshot, *, alive: bool) -> None:
        there = snapshot.recording.recent_s
        whole = there >= RECENT_S or there < _LEAST_S
        text = self.tr("Save the last {time}").format(time=fmt.duration(there))
        self.save.setText(self.tr("Save the last ten minutes") if whole else text)
        self.save.setEnabled(alive and there >= _LEAST_S and not self._commands.runs("save"))
        nothing = self.tr("Nothing has happened yet that could be saved")
        kept = self.tr("What has happened before now, as if it had been recorded")
        self.save.setToolTip(kept if there >= _LEAST_S else nothing)

    def _told(self, snapshot: Snapshot) -> str:
        one = snapshot.recording
        if one.on:
            text = self.tr("{size} of {most}, since {time}")
            since = fmt.moment(fmt.time_of(one.since, snapshot.at))
            return text.format(size=fmt.size(one.size), most=fmt.size(one.most or None), time=since)
        if one.problem is not None:
            return notice_text(one.problem)
        last = self.tr("Not recorded now; the last recording has {size}").format(size=fmt.size(one.size))
        return last if one.path else self.tr("Not recorded now")

    def _action(self, run: Any) -> QAction:
        made = self.actions_menu.addAction("")
        if run is not None:
            made.triggered.connect(run)
        return made

    def _alive(self) -> bool:
        snapshot = self._client.snapshot
        return snapshot.fatal is None and not snapshot.starting

    def _open(self) -> None:
        if self._alive():
            self._client.spawn(self._look())
        self.actions_menu.popup(self.mapToGlobal(QPoint(0, self.height() + XS)))

    async def _look(self) -> None:
        """Ask how much all recordings take; no snapshot has it, because the files are looked at for that."""
        taken = (await self._client.operations.recordings()).taken
        if tasks.exists(self):
            self._show_taken(taken)

    def _show_taken(self, taken: int | None) -> None:
        self.taken.setText(self.tr("All recordings take {size}").format(size=fmt.size(taken)))

    def _record(self) -> None:
        on = self.record.isChecked()
        self.record.setChecked(not on)  # Qt has changed it; what the panel does decides
        self._commands.spawn("record", recording_results.switch(self._client, on=on))

    def _save(self) -> None:
        self._commands.spawn("save", recording_results.save_recent(self._client))

    def _path(self) -> str:
        return self._snapshot.recording.path if self._snapshot is not None else ""

    def _show_file(self) -> None:
        recording_results.show_file(self._path())

    def _copy_path(self) -> None:
        results.copy(self._client, self._path())

    def _copy_command(self) -> None:
        results.copy(self._client, recording_results.replay_command(self._path()))

    def _refresh(self) -> None:
        self.show_snapshot(self._client.snapshot)

    def _give_room(self) -> None:
        """Take the width of the longest size, so that nothing moves."""
        texts = ("",) if self._narrow else (self.tr("Record"), "1,000 MiB")
        metrics = self.fontMetrics()
        widest = max(texts, key=metrics.horizontalAdvance)
        before = self.text()
        self.setText(widest)
        self.setFixedWidth(_ICON_ONLY if self._narrow else self.sizeHint().width())
        self.setText(before)

    def _restyle(self) -> None:
        on = self._snapshot is not None and self._snapshot.recording.on
        colours = self._theme.tokens
        self.setIcon(resources.icon("record", colours.danger if on else colours.muted, size=14))
