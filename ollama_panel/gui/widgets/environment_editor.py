"""The editor of a pool's environment: lines of NAME=value, with the list of variables and presets beside them."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from ollama_panel.core.ollama import environment, environment_answer
from ollama_panel.core.ollama.environment_answer import KnownPreset, KnownVariable
from ollama_panel.core.ollama.versions import NEWEST, numbers
from ollama_panel.core.settings.tree import Problem
from ollama_panel.gui import setting_texts
from ollama_panel.gui.models.variables import details
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.tokens import SM, XS
from ollama_panel.gui.widgets.card import button
from ollama_panel.gui.widgets.variables_dialog import VariablesDialog

_HEIGHT = 120
_FIRST_CARD = "0"
_FOR_NEWER = "environment.too_new"


class EnvironmentEditor(QWidget):
    """Edits variables; `explained` is emitted with what is to be said of the line with the cursor, or of a preset.

    `version` is that of the installed Ollama, None = unknown; `inherited` are the variables that all workers get.
    """

    explained = Signal(str)

    def __init__(
        self,
        variables: Mapping[str, str],
        version: str | None,
        inherited: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._inherited = inherited
        self._version = numbers(version or "")
        self._known = environment_answer.answer(version)
        self.text = QPlainTextEdit("\n".join(f"{name}={value}" for name, value in variables.items()))
        self.text.setObjectName("mono")
        self.text.setPlaceholderText("OLLAMA_KEEP_ALIVE=30m\nOLLAMA_FLASH_ATTENTION=1")
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(_HEIGHT)
        self.text.cursorPositionChanged.connect(self._explain)
        self.list_button = button(
            self.tr("Variables…"), self.tr("All variables with their types, defaults and versions"), small=True
        )
        self.list_button.clicked.connect(self._open_list)
        self.presets = self._menu()
        self.presets_button = button(self.tr("Presets"), self.tr("Variables that belong together"), small=True)
        self.presets_button.clicked.connect(self._open_presets)
        row = QHBoxLayout()
        row.setSpacing(SM)
        row.addWidget(self.list_button)
        row.addWidget(self.presets_button)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SM)
        layout.addWidget(self.text)
        layout.addLayout(row)
        self.setFocusProxy(self.text)

    def variables(self) -> tuple[dict[str, str], tuple[str, ...]]:
        """Return the variables, and a sentence for each line that is not NAME=value."""
        variables, broken = dict[str, str](), []
        for number, line in enumerate(self.text.toPlainText().splitlines(), start=1):
            name, equals, value = line.partition("=")
            if equals:
                variables[name.strip()] = value.strip()
            elif line.strip():
                broken.append(self.tr("Line {number} is not NAME=value.").format(number=number))
        return variables, tuple(broken)

    def problems(self) -> tuple[str, ...]:
        """Return what is wrong with the lines, in sentences."""
        variables, broken = self.variables()
        return (*broken, *(notice_text(one.notice) for one in self._found(variables) if not _is_remark(one)))

    def remarks(self) -> tuple[str, ...]:
        """Return what is right, but has no effect yet, in sentences: Ollama may be updated."""
        variables, _ = self.variables()
        return tuple(notice_text(one.notice) for one in self._found(variables) if _is_remark(one))

    def put(self, variables: dict[str, str]) -> None:
        """Set variables, each in its line if it has one, and select the value of the last one."""
        lines = self.text.toPlainText().splitlines()
        for name, value in variables.items():
            places = [place for place, line in enumerate(lines) if line.partition("=")[0].strip() == name]
            lines[slice(*((places[0], places[0] + 1) if places else (len(lines), len(lines))))] = [f"{name}={value}"]
        self.text.setPlainText("\n".join(lines))
        if variables:
            self._select(list(variables)[-1])

    def _select(self, name: str) -> None:
        """Select the value of a variable, to be typed over."""
        block = self.text.document().begin()
        while block.isValid() and block.text().partition("=")[0].strip() != name:
            block = block.next()
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + len(block.text()))
        cursor.setPosition(block.position() + block.text().index("=") + 1, QTextCursor.MoveMode.KeepAnchor)
        self.text.setTextCursor(cursor)
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _found(self, variables: dict[str, str]) -> tuple[Problem, ...]:
        return environment.check_pool(variables, self._version or NEWEST, self._inherited)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for preset in self._known.presets:
            entry = menu.addAction(setting_texts.preset(preset.title))
            entry.setToolTip(self._told(preset))
            entry.setEnabled(preset.unread is None)
            entry.triggered.connect(lambda _=False, preset=preset: self._apply(preset))
        return menu

    def _apply(self, preset: KnownPreset) -> None:
        asked = {preset.asks: _FIRST_CARD} if preset.asks else {}
        self.put({**preset.variables, **asked})
        self.explained.emit(self._told(preset))

    def _told(self, preset: KnownPreset) -> str:
        """Return what a preset does, gains and costs, in lines."""
        gain = self.tr("Gain: {text}").format(text=setting_texts.preset(preset.gain))
        cost = self.tr("Cost: {text}").format(text=setting_texts.preset(preset.cost))
        unread = self.tr("The installed version does not know it: {why}.").format(why=notice_text(preset.unread))
        return "\n".join((setting_texts.preset(preset.meaning), gain, cost, *([unread] if preset.unread else ())))

    @Slot()
    def _open_presets(self) -> None:
        self.presets.popup(self.presets_button.mapToGlobal(QPoint(0, self.presets_button.height() + XS)))

    @Slot()
    def _open_list(self) -> None:
        found = VariablesDialog(self._known.variables, self)
        found.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        found.chosen.connect(self._add)
        found.open()

    @Slot(object)
    def _add(self, chosen: KnownVariable) -> None:
        variables, _ = self.variables()
        self.put({chosen.name: variables.get(chosen.name, chosen.default)})

    @Slot()
    def _explain(self) -> None:
        """Tell of the variable in the cursor's line."""
        name = self.text.textCursor().block().text().partition("=")[0].strip()
        known = environment.find(name)
        self.explained.emit("" if known is None else details(KnownVariable.of(known, self._version)))


def _is_remark(problem: Problem) -> bool:
    return problem.notice.code == _FOR_NEWER
