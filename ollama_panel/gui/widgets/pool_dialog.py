"""The dialog for the settings of a pool that have no slider: role, models, how long they stay, SLO, environment."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.launch import Inherited
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.records import Role
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import PoolSettings, Problem, Settings
from ollama_panel.gui import setting_texts
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.tokens import LG, MD, SM
from ollama_panel.gui.widgets.card import button, label, needed_height
from ollama_panel.gui.widgets.environment_editor import EnvironmentEditor
from ollama_panel.gui.widgets.inputs import ComboBox, DecimalBox, SpinBox
from ollama_panel.gui.widgets.plan_text import PlanText

REMOVE = 2
"""The result code of the dialog when the pool is to be removed."""
_LARGEST_BATCH = 65_536
"""The limit of the setting (`core.settings.tree.PoolSettings`)."""
_BATCH_STEP = 256
_SLOWEST_S, _STEP_S = 3600.0, 0.5
_FASTEST, _STEP = 100_000.0, 5.0
"""The limits of the SLO's two settings, and the steps of their buttons."""
_TROUBLE_LINES = 4
"""Lines that show at once, the rest scrolls: with a line for each of many problems the buttons left the screen."""


class PoolDialog(QDialog):
    """Edits a pool; `pool` returns the values of the fields. OK is enabled only while they are valid.

    `version` is that of the installed Ollama, None = unknown; `inherited` is what all workers get.
    """

    def __init__(
        self,
        settings: Settings,
        pool: PoolSettings,
        models: Sequence[ModelName],
        new: bool,
        parent: QWidget,
        version: str | None = None,
        inherited: Inherited = Inherited(),  # noqa: B008 - immutable
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("New pool") if new else self.tr("{name} pool").format(name=pool.name))
        self.setMinimumWidth(560)
        self._settings = settings
        self._before = pool
        self._new = new
        self.editor = EnvironmentEditor(pool.environment, version, inherited.variables)
        self._build_fields(pool, models)
        self._build_buttons()
        self._lay_out()
        (self.name if new else self.role).setFocus()
        self._check()

    @override
    def event(self, event: QEvent) -> bool:
        changes_height = event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize)
        handled = super().event(event)  # which may be the end of this object
        if changes_height and (layout := self.layout()) is not None:
            self.setMinimumHeight(needed_height(layout, self.width()))
        return handled

    def pool(self) -> PoolSettings:
        """Return the pool with the values of the fields."""
        return msgspec.structs.replace(
            self._before,
            name=PoolName(self.name.text().strip()),
            role=Role(self.role.currentData()),
            models=_names(self.models.text()),
            preload=_names(self.preload.text()),
            keep_alive=self.keep_alive.text().strip(),
            environment=self.editor.variables()[0],
            batch=self.batch.value(),
            slo_first_token_s=self.first_token.value(),
            slo_token_rate=self.token_rate.value(),
        )

    def problems(self) -> tuple[str, ...]:
        """Return the problems of the values, in sentences."""
        pool = self.pool()
        others = tuple(one for one in self._settings.pools if one.name != self._before.name or self._new)
        found = codec.check(msgspec.structs.replace(self._settings, pools=(*others, pool)))
        mine = tuple(notice_text(self._told(problem)) for problem in found if "environment" not in problem.where)
        return (*mine[:1], *self.editor.problems())

    def _told(self, problem: Problem) -> Notice:
        """Return a problem of the pool; that of its name by the title of the field instead of the pool's number."""
        if not problem.where.startswith("pools["):
            return problem.notice
        wrong = notice("setting.not_that", expected=notice("expected.name"), given=self.name.text())
        return notice("setting.refused", where=self.name.accessibleName(), wrong=wrong)

    def _build_fields(self, pool: PoolSettings, models: Sequence[ModelName]) -> None:
        self.name = QLineEdit(pool.name)
        self.name.setReadOnly(not self._new)
        self.role = ComboBox()
        for role, text in self._roles().items():
            self.role.addItem(text, role.value)
        self.role.setCurrentIndex(self.role.findData(pool.role.value))
        self.models = QLineEdit(", ".join(pool.models))
        self.models.setPlaceholderText(self.tr("any"))
        self.preload = QLineEdit(", ".join(pool.preload))
        self.preload.setPlaceholderText(self.tr("none"))
        self.keep_alive = QLineEdit(pool.keep_alive)
        self.keep_alive.setPlaceholderText(self.tr("as clients ask, else 5 minutes"))
        self.batch = SpinBox()
        self.batch.setRange(0, _LARGEST_BATCH)
        self.batch.setSingleStep(_BATCH_STEP)
        self.batch.setGroupSeparatorShown(True)
        self.batch.setSpecialValueText(self.tr("Ollama decides"))
        self.batch.setValue(pool.batch)
        self.first_token = self._promise(_SLOWEST_S, _STEP_S, pool.slo_first_token_s)
        self.token_rate = self._promise(_FASTEST, _STEP, pool.slo_token_rate)
        self.environment = self.editor.text
        known = ", ".join(models) or "—"
        for widget, name, more in (
            (self.name, "name", ""),
            (self.role, "role", ""),
            (self.models, "models", self.tr("Available: {known}").format(known=known)),
            (self.preload, "preload", self.tr("Available: {known}").format(known=known)),
            (self.keep_alive, "keep_alive", ""),
            (self.batch, "batch", ""),
            (self.first_token, "slo_first_token_s", ""),
            (self.token_rate, "slo_token_rate", ""),
            (self.environment, "environment", self.tr("One variable per line, NAME=value.")),
        ):
            key = f"pools.{pool.name}.{name}"
            widget.setAccessibleName(setting_texts.title(key))
            widget.setToolTip("\n".join(filter(None, (setting_texts.meaning(key), more))))
        self.name.textChanged.connect(self._check)
        self.role.currentIndexChanged.connect(self._check)
        for line in (self.models, self.preload, self.keep_alive):
            line.textChanged.connect(self._check)
        for box in (self.batch, self.first_token, self.token_rate):
            box.valueChanged.connect(self._check)
        self.environment.textChanged.connect(self._check)
        self.editor.explained.connect(self._explain)

    def _promise(self, most: float, step: float, value: float) -> DecimalBox:
        box = DecimalBox()
        box.setRange(0, most)
        box.setSingleStep(step)
        box.setSpecialValueText(self.tr("no promise"))
        box.setValue(value)
        return box

    def _build_buttons(self) -> None:
        self.remove = button(self.tr("Remove pool"), self.tr("Its instances stop when their requests have ended"))
        self.remove.setProperty("danger", True)
        self.remove.setVisible(not self._new)
        self.remove.setEnabled(len(self._settings.pools) > 1)
        self.remove.clicked.connect(lambda: self.done(REMOVE))
        self.cancel = button(self.tr("Cancel"), self.tr("Changes nothing"))
        self.cancel.clicked.connect(self.reject)
        text = self.tr("Add pool") if self._new else self.tr("OK")
        tip = self.tr("Starts the pool") if self._new else self.tr("Keeps these values; Apply puts them in force")
        self.accept_button = button(text, tip, primary=True)
        self.accept_button.setDefault(True)
        self.accept_button.clicked.connect(self.accept)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(LG)
        form.setVerticalSpacing(SM)
        for name, field in (
            ("name", self.name),
            ("role", self.role),
            ("models", self.models),
            ("preload", self.preload),
            ("keep_alive", self.keep_alive),
            ("batch", self.batch),
            ("slo_first_token_s", self.first_token),
            ("slo_token_rate", self.token_rate),
        ):
            form.addRow(setting_texts.label(f"pools.{self._before.name}.{name}"), field)
        form.addRow(self.environment.accessibleName(), self.editor)
        self._hint = label("", "caption", wrap=True)
        self._trouble = PlanText(self.tr("What is wrong"), _TROUBLE_LINES)
        self._remarks = PlanText(self.tr("What has no effect yet"), _TROUBLE_LINES)
        row = QHBoxLayout()
        row.setSpacing(SM)
        row.addWidget(self.remove)
        row.addStretch()
        row.addWidget(self.cancel)
        row.addWidget(self.accept_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LG, LG, LG, LG)
        layout.setSpacing(MD)
        layout.addLayout(form)
        layout.addWidget(self._hint)
        layout.addWidget(self._trouble)
        layout.addWidget(self._remarks)
        layout.addLayout(row)

    def _roles(self) -> dict[Role, str]:
        return {
            Role.CHAT: self.tr("Chat"),
            Role.EMBEDDING: self.tr("Embedding"),
            Role.CODE: self.tr("Code"),
            Role.VISION: self.tr("Vision"),
            Role.BATCH: self.tr("Batch"),
        }

    @Slot()
    def _check(self) -> None:
        trouble = self.problems()
        for shown, tone, sentences in (
            (self._trouble, "danger", trouble),
            (self._remarks, "warn", self.editor.remarks()),
        ):
            shown.show_text("\n".join(sentences), tone)
            shown.setVisible(bool(sentences))
        self.accept_button.setEnabled(not trouble)

    @Slot(str)
    def _explain(self, text: str) -> None:
        self._hint.setText(text)


def _names(text: str) -> tuple[str, ...]:
    """Return the names in a text that separates them by commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())
