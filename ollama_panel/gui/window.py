"""The main window: the sidebar, the banners, and one page at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtCore import QEvent, QSize, QUrl, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDesktopServices, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.notices import Notice, Value, notice
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import resources
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import notice_text, tone_of, ways_of
from ollama_panel.gui.offers import accepted, label_of, tip_of
from ollama_panel.gui.pages.export import ExportPage
from ollama_panel.gui.pages.instances import InstancesPage
from ollama_panel.gui.pages.overview import OverviewPage
from ollama_panel.gui.pages.requests import RequestsPage
from ollama_panel.gui.pages.settings import SettingsPage
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import SM, XL
from ollama_panel.gui.widgets.banner import Banner
from ollama_panel.gui.widgets.layout import scrolled
from ollama_panel.gui.widgets.sidebar import Entry, Sidebar

DOWNLOAD = "https://ollama.com/download"
_EXPANDED_FROM = 1120
"""The window's width in pixels from which the sidebar shows texts beside its icons."""

_SHOWN_PROBLEMS = 4
"""How many problems the banner names, so that it leaves room for the page; its tooltip has the others."""


class Page(Protocol):
    """The interface of a page."""

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the engine's state."""
        ...


@dataclass(slots=True)
class Told:
    """What the banners last told, whether or not it is dismissed, and the notices that are answered."""

    failure: Notice | None = None
    problems: tuple[Notice, ...] = ()
    demo: bool = False
    dismissed: set[tuple[str, Value | None]] = field(default_factory=set)
    accepted: set[Notice] = field(default_factory=set)


class MainWindow(QMainWindow):
    """The main window. `close_requested` is emitted when the user closes it; the owner decides what happens then.

    `shown` is emitted when it may have been shown, hidden, minimised or restored.
    """

    close_requested = Signal()
    shown = Signal()

    def __init__(self, client: EngineClient, theme: Theme, actions: Actions, open_log: Callable[[], None]) -> None:
        super().__init__()
        self.setWindowTitle("Ollama Panel")
        self.setWindowIcon(resources.app_icon())
        self.setMinimumSize(QSize(880, 600))
        self.resize(1280, 800)
        self._client = client
        root = QWidget()
        root.setObjectName("root")
        self.setCentralWidget(root)  # first: a widget that gets another parent is styled anew, with all in it
        entries = (
            Entry("gauge", self.tr("Overview")),
            Entry("cube", self.tr("Instances")),
            Entry("arrows", self.tr("Queue & requests")),
            Entry("export", self.tr("Export")),
            Entry("gear", self.tr("Settings")),
        )
        self.sidebar = Sidebar(theme, actions, entries, root)
        self.told = Told()
        self._build_banners(theme, open_log)
        self._stack = QStackedWidget()
        self._lay_out(root)
        self.overview = OverviewPage(client, theme, actions)
        self.instances = InstancesPage(client, theme, self._stack)
        self.requests = RequestsPage(client, theme, self._stack)
        self.export = ExportPage(client, self._stack)
        self.settings = SettingsPage(client, theme)
        self._pages: Sequence[Page] = (self.overview, self.instances, self.requests, self.export, self.settings)
        for page in (self.overview, self.instances, self.requests, self.export, self.settings):
            self._stack.addWidget(scrolled(page, self._stack))
        root.setFocus()
        self.sidebar.chosen.connect(self.show_page)
        self.addAction(actions.quit)
        client.failed.connect(self.show_failure)
        client.snapshot_changed.connect(self.show_snapshot)
        self.show_page(0)
        self.show_snapshot(client.snapshot)

    @property
    def page(self) -> int:
        """The index of the current page."""
        return self._stack.currentIndex()

    @Slot(object)
    def show_failure(self, failure: Notice | None) -> None:
        """Show why a command failed, until the user dismisses it; None hides it."""
        if not self.problems.isHidden() and failure in self._problem_notices():
            failure = None  # that banner says it, as long as it lasts
        self.told.failure = failure
        self.message.show_text(notice_text(failure))

    def take_banners(self, other: "MainWindow") -> None:
        """Show what the window that this one replaces shows, and hide what was dismissed there."""
        told = other.told
        self.show_failure(told.failure)
        self.told.dismissed, self.told.accepted = set(told.dismissed), set(told.accepted)
        if told.problems == self.told.problems and other.problems.isHidden():
            self.problems.show_text("")
        if told.demo == self.told.demo and other.demo.isHidden():
            self.demo.show_text("")
        self._show_banners(self._client.snapshot)

    @Slot(int)
    def show_page(self, number: int) -> None:
        """Show a page."""
        self.sidebar.select(number)
        self._stack.setCurrentIndex(number)
        self._pages[number].show_snapshot(self._client.snapshot)

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the engine's state on the visible page; the overview records its samples in any case."""
        self._show_banners(snapshot)
        self.sidebar.show_snapshot(snapshot)
        self.overview.show_snapshot(snapshot)
        page = self._pages[self.page]
        if page is not self.overview and self.isVisible():
            page.show_snapshot(snapshot)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.sidebar.set_compact(event.size().width() < _EXPANDED_FROM)
        super().resizeEvent(event)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.shown.emit()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.shown.emit()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.close_requested.emit()

    def _lay_out(self, root: QWidget) -> None:
        self._bars = QVBoxLayout()
        self._bars.setContentsMargins(XL, 0, XL, 0)
        self._bars.setSpacing(SM)
        for banner in self._banners():
            self._bars.addWidget(banner)
        content = QVBoxLayout()
        content.setSpacing(0)
        content.addLayout(self._bars)
        content.addWidget(self._stack, 1)
        row = QHBoxLayout(root)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addLayout(content, 1)

    def _build_banners(self, theme: Theme, open_log: Callable[[], None]) -> None:
        self.fatal = Banner(theme, "danger")
        self.fatal.add_action(self.tr("Open log"), self.tr("Opens the folder with the panel's log"), open_log)
        self.fatal.add_action(
            self.tr("Restart engine"),
            self.tr("Starts a new engine; instances start again"),
            self._client.restart_engine,
        )
        self.message = Banner(theme, "danger", closable=True)
        self.message.closed.connect(lambda: self.show_failure(None))
        self.problems = Banner(theme, "warn", closable=True)
        self.notice = Banner(theme, "warn", closable=True)
        self.notice.closed.connect(self._dismiss_notice)
        self.notice.offer_ways()
        self._accept = self.notice.add_action("", "", self._accept_offer)
        self._noticed: Notice | None = None
        self.demo = Banner(theme, "info", closable=True)
        self.demo.add_action(
            self.tr("Install Ollama"),
            self.tr("Opens {url} in your browser").format(url=DOWNLOAD),
            lambda: QDesktopServices.openUrl(QUrl(DOWNLOAD)),
        )

    def _show_banners(self, snapshot: Snapshot) -> None:
        self.fatal.show_text(notice_text(snapshot.fatal))
        problems = _problems(snapshot)
        if problems != self.told.problems:
            self.told.problems = problems
            self.problems.set_tone(tone_of(problems))
            texts = [notice_text(problem) for problem in problems]
            self.problems.setToolTip("\n".join(texts[_SHOWN_PROBLEMS:]))
            if len(texts) > _SHOWN_PROBLEMS:
                texts[_SHOWN_PROBLEMS:] = [self.tr("and %n more", "", len(texts) - _SHOWN_PROBLEMS)]
            self.problems.show_text("\n".join(texts))
            self.show_failure(self.told.failure)
        if snapshot.demo != self.told.demo:
            self.told.demo = snapshot.demo
            self.demo.show_text(notice_text(notice("demo") if snapshot.demo else None))
        self._show_notices(snapshot)
        shown = any(not banner.isHidden() for banner in self._banners())
        self._bars.setContentsMargins(XL, SM + 4 if shown else 0, XL, 0)

    def _problem_notices(self) -> tuple[Notice, ...]:
        return tuple(problem.notice for problem in self._client.snapshot.problems)

    def _banners(self) -> tuple[Banner, ...]:
        return self.fatal, self.message, self.problems, self.notice, self.demo

    def _show_notices(self, snapshot: Snapshot) -> None:
        """Show the first notice that was not dismissed, as long as it lasts: no button may change under a hand.

        One that ended and comes again is shown again; so is one whose offer did not help.
        """
        self.told.dismissed &= {_topic(one) for one in snapshot.notices}
        self.told.accepted &= set(snapshot.notices)
        waiting = [
            one for one in snapshot.notices if _topic(one) not in self.told.dismissed and one not in self.told.accepted
        ]
        shown = _topic(self._noticed) if self._noticed else None
        told = next((one for one in waiting if _topic(one) == shown), waiting[0] if waiting else None)
        if told == self._noticed:
            return
        self._noticed = told
        self.notice.set_tone(tone_of([told] if told else []))
        self.notice.show_text(notice_text(told))
        self.notice.show_ways(ways_of(told))
        offer = told.action if told else None
        self._accept.setVisible(offer is not None)
        if offer is not None:
            self._accept.setText(label_of(offer))
            self._accept.setAccessibleName(label_of(offer))
            self._accept.setToolTip(tip_of(offer))

    def _dismiss_notice(self) -> None:
        if self._noticed is not None:
            self.told.dismissed.add(_topic(self._noticed))

    def _accept_offer(self) -> None:
        told, snapshot = self._noticed, self._client.snapshot
        if told is not None and told.action is not None and snapshot is not None:
            self._client.spawn(self._client.apply(accepted(snapshot.settings, told.action)))
            self.told.accepted.add(told)
            self._noticed = None
            self.notice.show_text("")


def _topic(told: Notice) -> tuple[str, Value | None]:
    """Return what a notice is about, a model or the server at an address: one with other numbers replaces it."""
    return told.code.partition(".")[0], told.values.get("model", told.values.get("url"))


def _problems(snapshot: Snapshot) -> tuple[Notice, ...]:
    proxy = (snapshot.proxy.problem,) if snapshot.proxy.problem else ()
    return (*proxy, *(problem.told for problem in snapshot.problems))
