"""The targets of an export in groups, with a search, and a badge at those that differ from what is installed."""

from collections.abc import Collection, Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFont, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from ollama_panel.core.export.deployment import Group, Target
from ollama_panel.gui import resources
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import CAPTION, LG, MD, RADIUS_CONTROL, SM, tint
from ollama_panel.gui.widgets.card import Card, label
from ollama_panel.gui.widgets.layout import SCROLL_BAR

TARGET = Qt.ItemDataRole.UserRole
"""The role of a target's id; None = a group."""
_BADGE = Qt.ItemDataRole.UserRole.value + 1
_ROW, _HEAD = 25, 24
"""Pixels: the height of a target and of a group's name."""


class TargetsCard(Card):
    """The list. `chosen` has the id of the target that the user has chosen."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, targets: Collection[Target], parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._theme = theme
        self._differing: frozenset[str] = frozenset()
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find a target"))
        self.search.setAccessibleName(self.tr("Find a target"))
        self.search.setClearButtonEnabled(True)
        self._glass = self.search.addAction(
            resources.icon("search", theme.tokens.muted, size=16), QLineEdit.ActionPosition.LeadingPosition
        )
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._go_to_list)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Export targets"))
        self.list.setItemDelegate(_Rows(theme, self.tr("differs"), self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self._keywords: dict[str, str] = {}
        self._groups_of: dict[str, str] = {}
        titles = self._groups()
        for group in Group:
            members = [target for target in targets if target.group is group]
            if members:
                self._add_head(titles[group])
            for target in members:
                self._add(target, titles[group])
        self.list.setCurrentItem(self.rows()[0])
        self.list.currentItemChanged.connect(self._choose)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # it must not move the badges
        self.body.setContentsMargins(LG, MD, LG - SCROLL_BAR, MD)
        self.body.setSpacing(SM)
        find = QHBoxLayout()
        find.setContentsMargins(0, 0, SCROLL_BAR, 0)
        find.addWidget(self.search)
        self.body.addLayout(find)
        self.none = label(self.tr("No target has these words."), "muted", wrap=True)
        self.none.hide()
        self.body.addWidget(self.none)
        self.body.addWidget(self.list, 1)
        theme.changed.connect(self._restyle)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().isValid() and self.list.viewport().rect().intersects(self._chosen_place()):
            QTimer.singleShot(0, self.list, self._show_chosen)  # the list has its new size then

    def _chosen_place(self) -> QRect:
        return self.list.visualItemRect(self.list.currentItem())

    @Slot()
    def _show_chosen(self) -> None:
        self.list.scrollToItem(self.list.currentItem())

    def rows(self) -> list[QListWidgetItem]:
        """Return the targets, hidden ones too, without the groups."""
        return [item for item in map(self.list.item, range(self.list.count())) if item.data(TARGET) is not None]

    @property
    def target(self) -> str:
        """The id of the chosen target."""
        return str(self.list.currentItem().data(TARGET))

    def choose(self, target: str) -> None:
        """Choose the target of this id, if there is one."""
        for item in self.rows():
            if item.data(TARGET) == target:
                self.list.setCurrentItem(item)
                self.list.scrollToItem(item)

    def show_differing(self, targets: Collection[str]) -> None:
        """Mark the targets that are installed with other settings."""
        if self._differing == frozenset(targets):
            return
        self._differing = frozenset(targets)
        told = self.tr("{target}, differs from what is installed")
        for item in self.rows():
            differs = item.data(TARGET) in self._differing
            item.setData(_BADGE, differs)
            name = told.format(target=item.text()) if differs else item.text()
            item.setData(Qt.ItemDataRole.AccessibleTextRole, name)

    def _go_to_list(self) -> None:
        self.list.setFocus()

    def _groups(self) -> dict[Group, str]:
        return {
            Group.MACHINE: self.tr("This machine"),
            Group.CONTAINER: self.tr("Container"),
            Group.CLUSTER: self.tr("Cluster"),
            Group.PROXY: self.tr("In front"),
            Group.PROGRAM: self.tr("Program"),
        }

    def _add_head(self, title: str) -> None:
        item = QListWidgetItem(title)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setSizeHint(QSize(0, _HEAD))
        self.list.addItem(item)

    def _add(self, target: Target, group: str) -> None:
        item = QListWidgetItem(notice_text(target.title))
        item.setToolTip(notice_text(target.summary))
        item.setData(TARGET, target.id)
        item.setSizeHint(QSize(0, _ROW))
        self._keywords[target.id] = f"{item.text()} {target.id} {item.toolTip()}".casefold()
        self._groups_of[target.id] = group.casefold()
        self.list.addItem(item)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(TARGET) is not None:
            self.chosen.emit(str(item.data(TARGET)))

    def _filter(self, words: str) -> None:
        """Show the targets with all of these words, and their groups; choose one that has them in its title, if any.

        The words of a group count only where no target has them: "mac" is in "this machine", too.
        """
        wanted = words.casefold().split()
        found = self._with(wanted, self._keywords) or self._with(
            wanted, {target: f"{text} {self._groups_of[target]}" for target, text in self._keywords.items()}
        )
        head: QListWidgetItem | None = None
        for item in map(self.list.item, range(self.list.count())):
            target = item.data(TARGET)
            if target is None:
                head = item
                head.setHidden(True)
                continue
            hidden = target not in found
            item.setHidden(hidden)
            if head is not None and not hidden:
                head.setHidden(False)
        shown = [item for item in self.rows() if not item.isHidden()]
        self.none.setVisible(not shown)
        titled = self._with(wanted, {str(item.data(TARGET)): item.text().casefold() for item in shown})
        if shown and self.target not in (titled or found):
            self.choose(next(str(item.data(TARGET)) for item in shown if item.data(TARGET) in (titled or found)))

    def _with(self, words: Collection[str], texts: Mapping[str, str]) -> frozenset[str]:
        """Return the targets whose texts have all of these words."""
        return frozenset(target for target, text in texts.items() if all(word in text for word in words))

    def _restyle(self) -> None:
        self._glass.setIcon(resources.icon("search", self._theme.tokens.muted, size=16))
        self.list.viewport().update()


class _Rows(QStyledItemDelegate):
    """Paints names of groups, targets, and their badges."""

    def __init__(self, theme: Theme, badge: str, view: QListWidget) -> None:
        super().__init__(view)
        self._theme, self._text, self._view = theme, badge, view

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        colours, place = self._theme.tokens, QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(TARGET) is None:
            painter.setFont(_face(option.font, CAPTION))
            painter.setPen(QColor(colours.muted))
            text = place.adjusted(MD - 2, 4, 0, 0)
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, str(index.data()))
        else:
            self._paint_target(painter, option, index, place)
        painter.restore()

    def _paint_target(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        place: QRect,
    ) -> None:
        colours = self._theme.tokens
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        shape = QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5)
        if selected or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.sel if selected else colours.surface2))
            painter.drawRoundedRect(shape, RADIUS_CONTROL, RADIUS_CONTROL)
        if selected and self._view.hasFocus():
            painter.setPen(QColor(colours.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(shape, RADIUS_CONTROL, RADIUS_CONTROL)
        room = place.adjusted(MD - 2, 0, -SM, 0)
        if index.data(_BADGE):
            room.setRight(room.right() - self._paint_badge(painter, option.font, room) - SM)
        font = _face(option.font, None) if selected else QFont(option.font)
        painter.setFont(font)
        painter.setPen(QColor(colours.text))
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_badge(self, painter: QPainter, font: QFont, room: QRect) -> int:
        """Paint the badge at the right and return its width."""
        colours = self._theme.tokens
        painter.setFont(_face(font, CAPTION))
        width = painter.fontMetrics().horizontalAdvance(self._text) + 2 * 6
        shape = QRectF(room.right() - width, room.center().y() - 7.5, width, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tint(colours.warn, colours.surface)))
        painter.drawRoundedRect(shape, 4, 4)
        painter.setPen(QColor(colours.warn))
        painter.drawText(shape, Qt.AlignmentFlag.AlignCenter, self._text)
        return width


def _face(font: QFont, size: int | None) -> QFont:
    """Return a font, half bold, of a size in pixels, None = the same."""
    made = QFont(font)
    made.setWeight(QFont.Weight.DemiBold)
    if size is not None:
        made.setPixelSize(size)
    return made
