"""The export page: the settings for wherever Ollama runs, to read, compare, copy, save and put into force."""

from pathlib import Path
from typing import Self

from PySide6.QtCore import QCoreApplication, QEvent, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core import export
from ollama_panel.core.applying.methods import can_apply, why_not
from ollama_panel.core.errors import PanelError, not_written
from ollama_panel.core.export.deployment import Accelerator, Export, ExportFile, Target
from ollama_panel.core.export.judges import Outcome, all_told, remedy, told
from ollama_panel.core.notices import notice
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.snapshot_export import ExportChoice, inputs, site_of, workers
from ollama_panel.gui import dialogs, results
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.export_choice import made, matters, possible
from ollama_panel.gui.export_looks import ExportLooks
from ollama_panel.gui.models.export_files import compared, differ
from ollama_panel.gui.notices import joined_list, notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.toasts import Toast
from ollama_panel.gui.tokens import LG, SM
from ollama_panel.gui.widgets.apply_dialog import show_apply
from ollama_panel.gui.widgets.export_carries import CarriesCard
from ollama_panel.gui.widgets.export_preview import ExportPreview
from ollama_panel.gui.widgets.export_scope import ExportScope
from ollama_panel.gui.widgets.export_steps import HandSteps, PanelSteps
from ollama_panel.gui.widgets.export_targets import TargetsCard
from ollama_panel.gui.widgets.layout import PageFrame, scroll_like

_THREE_COLUMNS_FROM = 1000
"""Pixels of the page from which on the steps have room at the right of the text."""
_TARGETS, _SIDE, _WIDEST_SIDE, _SIDE_SHARE = 222, 252, 440, 0.2
"""Pixels: the width of the targets, and the least and greatest of the steps; the share of the page that they take."""
_HEADING = 86
"""Pixels: the height of the page's heading before it is laid out."""
_LEAST_HEIGHT = 420
"""Pixels: the least height of the text where the steps are below it."""
_ANY = 16_777_215
"""Pixels: Qt's QWIDGETSIZE_MAX, no limit."""
_EXECUTABLE = 0o755
_LAYOUT = QEvent.Type.LayoutRequest.value
_TONES = {Outcome.REFUSED: "danger", Outcome.SILENT: "warn", Outcome.ACCEPTED: "ok", Outcome.MISSING: "muted"}
"""The colours of verdicts; of several, the first of these is told."""


class ExportPage(PageFrame):
    """The targets, the text of the chosen one, and what to do with it."""

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Export"), parent)
        self._client, self._theme = client, theme
        self._targets = {target.id: target for target in export.targets()}
        self._export: Export | None = None
        self._made_of: object = None
        self._others_of: object = None
        self._applied: object = None
        self._looks = ExportLooks(client, self._rendered, self)
        self._matters: dict[str, tuple[bool, bool]] = {}
        self._differing: frozenset[str] = frozenset()
        self._accelerator: Accelerator | None = None
        self._of_user: bool | None = None
        self.scope = ExportScope()
        self.targets = TargetsCard(theme, self._targets.values())
        self.preview = ExportPreview(theme)
        self.panel_steps, self.hand, self.carries = PanelSteps(theme), HandSteps(theme), CarriesCard(theme)
        self.set_summary(self.tr("The settings that were measured, for wherever Ollama runs"))
        self._lay_out()
        self._connect()

    @property
    def target(self) -> Target:
        """The chosen target."""
        return self._targets[self.targets.target]

    @property
    def is_checked(self) -> bool:
        """Whether the tools have judged what is shown."""
        return self._export is not None and self._looks.verdicts_of(self._export) is not None

    @property
    def choice(self) -> ExportChoice:
        """What is exported."""
        return ExportChoice(self.scope.profile_name, self.scope.pool_names, self._accelerator, self._of_user)

    def choose_profile(self, name: str) -> None:
        """Show the exports of the settings with a profile, of all pools."""
        self.scope.choose(name, ())
        self.show_snapshot(self._client.snapshot)

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the export of the settings that are chosen."""
        self.scope.show_snapshot(snapshot)
        self.panel_steps.show_waiting(sum(pool.queued for pool in snapshot.pools))
        made_of = inputs(snapshot), self.choice, self.target.id
        if made_of != self._made_of:
            self._made_of = made_of
            self._render(snapshot)
            QCoreApplication.sendPostedEvents(None, _LAYOUT)  # before it is painted: other steps have other heights
        self._show_applying(snapshot)

    @override
    def take_over(self, old: Self) -> None:
        self.scope.show_snapshot(self._client.snapshot)
        self.scope.choose(old.scope.profile_name, old.scope.pool_names)
        self._accelerator, self._of_user = old._accelerator, old._of_user
        self.targets.search.setText(old.targets.search.text())
        self.targets.choose(old.targets.target)
        self.show_snapshot(self._client.snapshot)
        self.preview.take_over(old.preview)
        scroll_like(self.targets.list, old.targets.list)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= _THREE_COLUMNS_FROM
        self._columns.setDirection(
            QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom,
        )
        self.hand.be_roomy(not wide)
        side = max(_SIDE, min(_WIDEST_SIDE, round(_SIDE_SHARE * self.width())))
        self._side.setMinimumWidth(side if wide else 0)
        self._side.setMaximumWidth(side if wide else _ANY)
        self.targets.setMaximumHeight(
            _ANY if wide else max(_LEAST_HEIGHT, self.height() - (self.area.y() or _HEADING) - SM - LG)
        )

    def _render(self, snapshot: Snapshot) -> None:
        if snapshot.starting:  # the machine, which the export describes, is not known yet
            self._refuse(self.tr("Starting…"), wrong=False)
            return
        self._show_options(snapshot)
        try:
            self._export = made(snapshot, self.target.id, self.choice)
            count = len(workers(snapshot, possible(snapshot, self.choice)))
        except PanelError as error:
            self._refuse(notice_text(error.notice), wrong=True)
            return
        self._show_installed()
        self._show_verdicts()
        self._show_steps(self._export)
        self.carries.show_target(self.target, count)
        self._looks.judge(self._export)
        self._look(snapshot)

    def _refuse(self, text: str, *, wrong: bool) -> None:
        self._export = None
        self.preview.show_problem(text, wrong=wrong)
        self._show_steps(None)
        self.carries.show_target(self.target, 1)

    def _show_steps(self, made: Export | None) -> None:
        steps, notes = (made.steps, made.notes) if made is not None else ((), ())
        by_panel = can_apply(self.target.id)
        self.panel_steps.setVisible(by_panel)
        self.hand.show_steps(self.tr("By hand") if by_panel else self.tr("What to do next"), steps, notes)

    def _look(self, snapshot: Snapshot) -> None:
        """Let the engine look at what is installed: of this target at once, of all if what they depend on changed."""
        if snapshot.starting or not self.isVisible():
            return
        others_of = inputs(snapshot), self.choice, self._applied
        targets = [self.target.id]
        if others_of != self._others_of:
            self._others_of = others_of
            targets += self._targets
        self._looks.look(targets)

    def _rendered(self, target: str) -> Export | None:
        """Return the export for a target, None if there can be none."""
        if self._export is not None and self._export.target == target:
            return self._export
        try:
            return made(self._client.snapshot, target, self.choice)
        except PanelError:
            return None

    def _show_installed(self) -> None:
        if self._export is None:
            return
        look = self._looks.look_of(self._export.target)
        changes, problem = (look.changes, look.problem) if look is not None else (None, None)
        self.preview.show_export(compared(self._export, changes), notice_text(problem))

    def _found(self, target: str) -> None:
        """Show what was found at the places of a target's files."""
        look = self._looks.look_of(target)
        if look is not None:
            found = differ(compared(look.export, look.changes))
            self._differing = self._differing | {target} if found else self._differing - {target}
            self.targets.show_differing(self._differing)
        if target == self.target.id:
            self._show_installed()

    def _show_verdicts(self) -> None:
        if self._export is None:
            return
        verdicts = self._looks.verdicts_of(self._export)
        if verdicts is None:
            self.preview.show_verdict(self.tr("Being checked…"), "muted")
            return
        tip = "\n".join(map(notice_text, (*all_told(verdicts), *filter(None, map(remedy, verdicts)))))
        worst = min(verdicts, key=lambda one: list(_TONES).index(one.outcome), default=None)
        if worst is None:
            self.preview.show_verdict(tip, "muted", tip)
            return
        said = worst.said if worst.outcome is Outcome.REFUSED else ""
        self.preview.show_verdict(notice_text(told(worst)), _TONES[worst.outcome], tip, said)

    def _show_applying(self, snapshot: Snapshot) -> None:
        """Show what is applied just now; when that ends, look again at what is installed."""
        one = snapshot.applying
        applied = (one.id, one.stage) if one is not None else None
        if applied != self._applied:
            self._applied = applied
            self._look(snapshot)
        ours = one is not None and one.target == self.target.id
        self.preview.show_applying(one if ours else None)
        ready = self._export is not None and not snapshot.fatal
        self.preview.let_apply("" if can_apply(self.target.id) else notice_text(why_not(self.target.id)), ready=ready)

    def _apply(self, *, over_ssh: bool) -> None:
        if self._export is not None:
            show_apply(self._client, self._theme, self, self._export, over_ssh=over_ssh)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._others_of = None
        self._look(self._client.snapshot)

    def _show_options(self, snapshot: Snapshot) -> None:
        choice, target, options = self.choice, self.target.id, self.preview.options
        site = site_of(snapshot, choice)
        known = self._matters.get(target)
        if known is None or not any(known):  # what can be rendered only with another choice shows that when it can
            known = self._matters[target] = matters(snapshot, target, choice)
        options.show_accelerator(site.accelerator, matters=known[0])
        options.show_manager(site.of_user, matters=known[1])

    @Slot()
    def _choose_accelerator(self) -> None:
        self._accelerator = self.preview.options.accelerator.currentData()
        self.show_snapshot(self._client.snapshot)

    @Slot()
    def _choose_manager(self) -> None:
        self._of_user = self.preview.options.manager.currentData()
        self.show_snapshot(self._client.snapshot)

    @Slot()
    def _copy(self) -> None:
        if (file := self.preview.file) is not None:
            results.copy(self._client, file.text, file.name)

    async def _save(self) -> None:
        if (export := self._export) is None:
            return
        if len(export.files) == 1:
            path = await dialogs.save_as(self, self.tr("Save export"), export.files[0].name)
            if path is not None:
                _write(export.files[0], path)
        else:
            path = await dialogs.pick(self, self.tr("Save export into a folder"), directory=True)
            if path is not None and await self._may_write(export, path):
                for file in export.files:
                    _write(file, path / file.name)
            else:
                path = None
        if path is not None:
            self._client.announce(Toast(self.tr("Saved"), str(path)))

    async def _may_write(self, export: Export, folder: Path) -> bool:
        """Ask whether files that are there are to be replaced; the dialog for a single one asks by itself."""
        there = [file.name for file in export.files if (folder / file.name).exists()]
        if not there:
            return True
        text = self.tr("Replace %n file(s) in this folder?", "", len(there))
        choices = self.tr("Replace"), self.tr("Cancel")
        return await dialogs.choose(self, text, joined_list(there), choices, loses=(0,)) == 0

    def _connect(self) -> None:
        self.targets.chosen.connect(lambda _: self.show_snapshot(self._client.snapshot))
        self.scope.changed.connect(lambda: self.show_snapshot(self._client.snapshot))
        self.preview.options.accelerator.activated.connect(self._choose_accelerator)
        self.preview.options.manager.activated.connect(self._choose_manager)
        self.preview.copy.clicked.connect(self._copy)
        self.preview.save.clicked.connect(lambda: self._client.spawn(self._save()))
        self.preview.apply.clicked.connect(lambda: self._apply(over_ssh=False))
        self.preview.over_ssh.clicked.connect(lambda: self._apply(over_ssh=True))
        self._looks.looked.connect(self._found)
        self._looks.judged.connect(lambda _: self._show_verdicts())
        self.hand.copy_wanted.connect(lambda text: results.copy(self._client, text))

    def _lay_out(self) -> None:
        self.controls.addWidget(self.scope)
        self.targets.setFixedWidth(_TARGETS)
        self._side = QWidget()
        cards = QVBoxLayout(self._side)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(LG - 2)
        cards.addWidget(self.panel_steps)
        cards.addWidget(self.hand, 1)
        cards.addWidget(self.carries)
        self.preview.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.preview.setMinimumHeight(_LEAST_HEIGHT)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(LG - 2)
        self._columns.addWidget(self.preview, 1)
        self._columns.addWidget(self._side)
        row = QHBoxLayout()
        row.setSpacing(LG - 2)
        targets = QVBoxLayout()
        targets.addWidget(self.targets, 1)
        targets.addStretch()
        row.addLayout(targets)
        row.addLayout(self._columns, 1)
        self.body.addLayout(row, 1)


def _write(file: ExportFile, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8", newline="\n")
        if file.executable:
            path.chmod(_EXECUTABLE)
    except OSError as error:
        raise PanelError(not_written(str(path), error, notice("advice.another_place"))) from error
