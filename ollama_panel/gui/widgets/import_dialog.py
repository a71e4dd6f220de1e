"""The dialog that imports what is set where Ollama's variables are set: a preview in three lists, and Import."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.errors import PanelError
from ollama_panel.core.importing.record import AUTO, ImportOffer, ImportPlan, ImportRequest, OfferId
from ollama_panel.core.notices import Notice
from ollama_panel.gui import dialogs, tasks
from ollama_panel.gui import format as fmt
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.import_actions import apply_import
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.tokens import LG, MD, SM, XL
from ollama_panel.gui.widgets.card import Card, button, label, set_tone
from ollama_panel.gui.widgets.import_part import ImportPart, Line
from ollama_panel.gui.widgets.layout import drop_rows, scrolled

_SIZE = (1000, 680)
_EFFECTS = 340
"""Pixels: the width of what it changes."""
_NONE_HERE = "import.none_here"
"""The refusal that is no mistake of anybody."""


class ImportDialog(QDialog):
    """Does not block the window. A file or a folder is looked at when it is dropped on it."""

    def __init__(self, client: EngineClient, parent: QWidget, what: str = AUTO) -> None:
        super().__init__(parent)
        self.setObjectName("import")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Import settings"))
        self.resize(*_SIZE)
        self.setAcceptDrops(True)
        self._client, self._what = client, what
        self._plan: ImportPlan | None = None
        self._refused: Notice | None = None
        self._accepted: frozenset[OfferId] = frozenset()
        self._acting, self._asked = False, 0
        self.what = QLineEdit("" if what == AUTO else what)
        self.what.setPlaceholderText(self.tr("A file, a folder, a unit or a container; empty: all of this machine"))
        self.what.setAccessibleName(self.tr("Source"))
        self.look = button(self.tr("Look"), self.tr("Reads what is there; nothing is changed"))
        self.file = button(
            self.tr("File…"), self.tr("A unit, a plist, a Compose file, a script, a profile of a shell…")
        )
        self.folder = button(self.tr("Folder…"), self.tr("Looks at the files in it"))
        self.sources = label("", "muted", wrap=True)
        self.taken = ImportPart(self.tr("Taken"), self.tr("This becomes settings of the panel."))
        self.ignored = ImportPart(self.tr("Ignored"), self.tr("This has no effect here, each for its reason."))
        self.wrong = ImportPart(
            self.tr("Wrong"),
            self.tr("Mistakes in the sources, which stay as they are. The page Doctor mends those of this machine."),
            "warn",
        )
        self.parts = (self.taken, self.ignored, self.wrong)
        self.effects = label("", wrap=True)
        self.offers: dict[OfferId, OfferRow] = {}
        self.state, self.hint = label("", "section", wrap=True), label("", "muted", wrap=True)
        self.hint.setText(
            self.tr(
                "What can be read: units and drop-ins of systemd, property lists of launchd, Compose files, "
                "containers, quadlets, scripts and profiles of shells, environment files, NixOS, Ansible, Kubernetes, "
                "Helm, Unraid, TrueNAS, and exports of this panel. Choose one above, or drop it on this window."
            )
        )
        self._told = Card()
        self.close_button = button(self.tr("Close"))
        self.go = button(self.tr("Import"), self.tr("Changes the settings; Undo takes it back"), primary=True)
        self._connect()
        self._lay_out()
        self._show()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._asked:
            self._ask()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event.mimeData()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        if path := dropped(event.mimeData()):
            event.acceptProposedAction()
            self.look_at(path)

    def look_at(self, what: str) -> None:
        """Look at another source: a path, a unit, a container, or all of this machine."""
        self.what.setText("" if what == AUTO else what)
        self._what = what
        self._accepted = frozenset()
        self._ask()

    def _ask(self) -> None:
        """Ask for the preview of what is chosen; the answer to an earlier question is of no use then."""
        self._asked += 1
        self._plan, self._refused = None, None
        self._show()
        self._client.spawn(self._look(self._asked))

    async def _look(self, number: int) -> None:
        try:
            plan, refused = await self._client.imports.plan(self._request()), None
        except PanelError as error:
            plan, refused = None, error.notice
        if tasks.exists(self) and number == self._asked:
            self._plan, self._refused = plan, refused
            self._show()

    def _request(self, plan: str = "") -> ImportRequest:
        accepted = tuple(offer for offer in OfferId if offer in self._accepted)
        return ImportRequest(self._what, accept=accepted, plan=plan)

    def _show(self) -> None:
        plan = self._plan
        self.sources.setText(self._told_sources(plan))
        self.taken.show_lines([Line(notice_text(one.told), one.places) for one in plan.taken] if plan else ())
        self.ignored.show_lines(
            [Line(_named(one.name, notice_text(one.told)), (one.place,)) for one in plan.ignored] if plan else ()
        )
        anyway = self.tr("It is taken all the same.")
        self.wrong.show_lines(
            [Line(notice_text(one.told), (one.place,), anyway if one.taken else "") for one in plan.wrong]
            if plan
            else ()
        )
        self._show_offers(plan.offers if plan else ())
        self.effects.setText(self._told_changes(plan))
        self._tell(plan)
        self.go.setEnabled(plan is not None and bool(plan.changes) and not self._acting)
        self.what.setEnabled(not self._acting)
        self.look.setEnabled(not self._acting)

    def _told_sources(self, plan: ImportPlan | None) -> str:
        if plan is None:
            return ""
        servers = sum(one.servers for one in plan.sources)
        return self.tr("{sources} with {servers}: {taken} taken, {ignored} ignored, {wrong} wrong").format(
            sources=self.tr("%n source(s)", "", len(plan.sources)),
            servers=self.tr("%n server(s)", "", servers),
            taken=fmt.number(len(plan.taken)),
            ignored=fmt.number(len(plan.ignored)),
            wrong=fmt.number(len(plan.wrong)),
        )

    def _told_changes(self, plan: ImportPlan | None) -> str:
        if plan is None:
            return "—"
        if plan.taken and not plan.changes:
            return self.tr("Nothing: the settings are so already.")
        return "\n".join(map(notice_text, plan.changes)) or self.tr("Nothing")

    def _show_offers(self, offers: Iterable[ImportOffer]) -> None:
        """Show what is only taken if the user says so."""
        wanted = {offer.id: offer for offer in offers}
        drop_rows(self.offers, wanted, self._offers)
        for id_, offer in wanted.items():
            row = self.offers.get(id_) or self._add_offer(id_)
            row.show_offer(offer)
        self._offered.setVisible(bool(wanted))

    def _add_offer(self, id_: OfferId) -> "OfferRow":
        row = self.offers[id_] = OfferRow()
        row.box.toggled.connect(lambda on: self._accept(id_, on=on))
        self._offers.addWidget(row)
        return row

    def _accept(self, offer: OfferId, *, on: bool) -> None:
        self._accepted = self._accepted | {offer} if on else self._accepted - {offer}
        self._asked += 1
        self._client.spawn(self._look(self._asked))

    def _tell(self, plan: ImportPlan | None) -> None:
        if self._refused is not None:
            self.state.setText(notice_text(self._refused))
            set_tone(self.state, "" if self._refused.code == _NONE_HERE else "danger")
        elif plan is None:
            self.state.setText(self.tr("Looking at what is there…"))
            set_tone(self.state, "muted")
        elif self._acting:
            self.state.setText(self.tr("Instances restart one after the other…"))
            set_tone(self.state, "muted")
        else:
            nothing = self.tr("Nothing could be taken: no server of Ollama is set up there.")
            self.state.setText("" if plan.taken else nothing)
            set_tone(self.state, "")
        self._told.setVisible(bool(self.state.text()))
        self.hint.setHidden(any(part.rows for part in self.parts))
        self.sources.setVisible(plan is not None)

    def _apply(self) -> None:
        """Do what is shown."""
        if self._plan is not None and not self._acting:
            self._acting, self._refused = True, None
            self._show()
            self._client.spawn(self._finish(self._request(self._plan.id)))

    async def _finish(self, request: ImportRequest) -> None:
        """Close when it is done; what fails is said here, where it was asked for."""
        refused: Notice | None = None
        try:
            await apply_import(self._client, request)
        except PanelError as error:
            refused = error.notice
        if not tasks.exists(self):
            return
        self._acting, self._refused = False, refused
        if refused is None:
            self.close()
        else:
            self._show()

    async def _pick(self, *, folder: bool) -> None:
        title = self.tr("Import a folder") if folder else self.tr("Import a file")
        if (path := await dialogs.pick(self, title, directory=folder)) is not None and tasks.exists(self):
            self.look_at(str(path))

    def _connect(self) -> None:
        client = self._client
        self.what.returnPressed.connect(lambda: self.look_at(self.what.text().strip() or AUTO))
        self.look.clicked.connect(lambda: self.look_at(self.what.text().strip() or AUTO))
        self.file.clicked.connect(lambda: client.spawn(self._pick(folder=False)))
        self.folder.clicked.connect(lambda: client.spawn(self._pick(folder=True)))
        self.close_button.clicked.connect(self.close)
        self.go.clicked.connect(self._apply)

    def _lay_out(self) -> None:
        for one in (self.look, self.file, self.folder, self.close_button, self.go):
            one.setAutoDefault(False)  # Return in the field looks, and must not import
        top = QHBoxLayout()
        top.setSpacing(SM)
        top.addWidget(label(self.tr("Source"), of=self.what))
        top.addWidget(self.what, 1)
        for one in (self.look, self.file, self.folder):
            top.addWidget(one)
        content = QWidget()
        content.setObjectName("page")
        lists = QVBoxLayout(content)
        lists.setContentsMargins(0, 0, SM, 0)
        lists.setSpacing(MD)
        for part in self.parts:
            lists.addWidget(part)
        lists.addStretch(1)
        area = scrolled(content, self)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # texts alone would not scroll by the keyboard
        area.setAccessibleName(self.tr("Preview"))
        middle = QHBoxLayout()
        middle.setSpacing(LG)
        self._told.body.addWidget(self.state)
        self._told.body.addWidget(self.hint)
        left = QVBoxLayout()
        left.setSpacing(MD)
        left.addWidget(self._told)
        left.addWidget(area, 1)
        middle.addLayout(left, 1)
        middle.addWidget(self._beside())
        buttons = QHBoxLayout()
        buttons.setSpacing(SM)
        buttons.addWidget(label(self.tr("Or drop a file or a folder on this window."), "caption"), 1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.go)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(XL, LG, XL, LG)
        whole.setSpacing(MD)
        whole.addLayout(top)
        whole.addWidget(self.sources)
        whole.addLayout(middle, 1)
        whole.addLayout(buttons)

    def _beside(self) -> QWidget:
        """Return what the import changes, and what it only changes if the user says so."""
        beside = QWidget()
        beside.setFixedWidth(_EFFECTS)
        changes = Card(self.tr("This changes"))
        changes.body.addWidget(self.effects)
        self._offered = Card(self.tr("Only if you say so"))
        self._offers = QVBoxLayout()
        self._offers.setSpacing(SM)
        self._offered.body.addLayout(self._offers)
        column = QVBoxLayout(beside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MD)
        column.addWidget(changes)
        column.addWidget(self._offered)
        column.addStretch(1)
        return beside


class OfferRow(QWidget):
    """A tick, and what it means."""

    def __init__(self) -> None:
        super().__init__()
        self.box, self.why = QCheckBox(), label("", "caption", wrap=True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2)
        whole.addWidget(self.box)
        whole.addWidget(self.why)

    def show_offer(self, offer: ImportOffer) -> None:
        """Show an offer, ticked if it is accepted."""
        blocked = self.box.blockSignals(True)
        self.box.setChecked(offer.accepted)
        self.box.blockSignals(blocked)
        self.box.setText(notice_text(offer.told))
        self.why.setText(notice_text(offer.why))
        self.box.setAccessibleDescription(notice_text(offer.why))


def _named(name: str, text: str) -> str:
    return f"{name}: {text}" if name and name not in text else text


def dropped(data: QMimeData) -> str:
    """Return the path of the file or the folder that is dropped, "" if it is none."""
    paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return str(Path(paths[0])) if paths else ""


def show_import(client: EngineClient, parent: QWidget, what: str = AUTO) -> ImportDialog:
    """Show the dialog, one in each window at most, and return it."""
    window = parent.window()
    known = next(iter(window.findChildren(ImportDialog)), None)
    if known is not None and what != AUTO:
        known.look_at(what)
    shown = known or ImportDialog(client, window, what)
    shown.show()
    shown.raise_()
    shown.activateWindow()
    return shown
