"""The main window: the sidebar, the alerts, and one page at a time.

The overview is there from the start. The other pages are imported and built when they are first shown: all of them
together take as long as the rest of the window.
"""

import asyncio
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QHideEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QWidget
from typing_extensions import override

from ollama_panel.core.ids import PoolName
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import resources
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.alerts import Alerts
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.pages.overview import OverviewPage
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import EXPANDED_FROM
from ollama_panel.gui.widgets.alert_list import AlertList
from ollama_panel.gui.widgets.alert_strip import AlertStrip
from ollama_panel.gui.widgets.layout import PageFrame, scroll_like
from ollama_panel.gui.widgets.sidebar import Badge, Entry, Sidebar
from ollama_panel.gui.widgets.toast_stack import ToastStack
from ollama_panel.gui.window_state import WindowState

if TYPE_CHECKING:
    from ollama_panel.gui.first_run.view import FirstRun
    from ollama_panel.gui.pages.connect import ConnectPage
    from ollama_panel.gui.pages.doctor import DoctorPage
    from ollama_panel.gui.pages.export import ExportPage
    from ollama_panel.gui.pages.instances import InstancesPage
    from ollama_panel.gui.pages.machine import MachinePage
    from ollama_panel.gui.pages.requests import RequestsPage
    from ollama_panel.gui.pages.settings import SettingsPage
    from ollama_panel.gui.pages.tuning import TuningPage

P = TypeVar("P", bound=PageFrame)

PAGES = ("overview", "instances", "requests", "tuning", "connect", "doctor", "export", "settings", "machine")
"""The names of the pages, in the order of the sidebar: those under which the last one is remembered."""

FIRST_RUN = "first_run/open"
"""The key under which it is kept that the first run has not ended."""


class MainWindow(QMainWindow):
    """The main window. `close_requested` is emitted when the user closes it; the owner decides what happens then.

    `shown` is emitted when it may have been shown, hidden, minimised or restored. `drawn` is set once it was painted.
    """

    close_requested = Signal()
    shown = Signal()

    def __init__(
        self,
        client: EngineClient,
        theme: Theme,
        actions: Actions,
        open_log: Callable[[], None],
        state: WindowState,
    ) -> None:
        """`state` is for what pages remember from one run to the next."""
        super().__init__()
        self.setWindowTitle("Ollama Panel")
        self.setWindowIcon(resources.app_icon())
        self.setMinimumSize(QSize(880, 600))
        self.resize(1280, 800)
        self.drawn = asyncio.Event()
        self._client = client
        self._actions = actions
        self._theme = theme
        self._state = state
        root = QWidget()
        root.setObjectName("root")
        self.setCentralWidget(root)  # first: a widget that gets another parent is styled anew, with all in it
        entries = (
            Entry("gauge", self.tr("Overview")),
            Entry("cube", self.tr("Instances")),
            Entry("arrows", self.tr("Queue & requests"), Badge.WAITING),
            Entry("sliders", self.tr("Tuning")),
            Entry("plug", self.tr("Connect")),
            Entry("pulse", self.tr("Doctor"), Badge.FINDINGS),
            Entry("export", self.tr("Export")),
            Entry("gear", self.tr("Settings")),
            Entry("chip", self.tr("Machine")),
        )
        self.sidebar = Sidebar(theme, actions, entries, root)
        self.alerts = Alerts(client, open_log, self)
        self.strip = AlertStrip(theme, self.alerts, root)
        self.toasts = ToastStack(client, theme, root)
        self.list = AlertList(theme, self.alerts, root)
        self.strip.list_wanted.connect(lambda: self.list.open_below(self.strip, self.strip.all))
        self._stack = QStackedWidget()
        self._lay_out(root)
        self.page = 0
        self.overview = self._added(OverviewPage(client, theme, actions, self._stack))
        self.overview.page_wanted.connect(self.show_page_named)
        self.overview.tuning_wanted.connect(self.show_tuning_of)
        root.setFocus()
        self.sidebar.chosen.connect(self.show_page)
        self.addActions((actions.quit, actions.gpu.switch))
        actions.first_run_requested.connect(self.begin_first_run)
        actions.profiles_requested.connect(self.show_profiles)
        actions.check_requested.connect(self.check_machine)
        client.failed.connect(self.alerts.report)
        self.alerts.page_wanted.connect(self.show_page_named)
        self.alerts.finding_wanted.connect(self.show_finding)
        client.snapshot_changed.connect(self.show_snapshot)
        self.show_page(0)
        self._show(client.snapshot)

    @cached_property
    def instances(self) -> "InstancesPage":
        """The page of the instances."""
        from ollama_panel.gui.pages.instances import InstancesPage

        return self._added(InstancesPage(self._client, self._theme, self._stack))

    @cached_property
    def requests(self) -> "RequestsPage":
        """The page of the requests."""
        from ollama_panel.gui.pages.requests import RequestsPage

        return self._added(RequestsPage(self._client, self._theme, self._state, self._stack))

    @cached_property
    def tuning(self) -> "TuningPage":
        """The page of the tuner."""
        from ollama_panel.gui.pages.tuning import TuningPage

        page = self._added(TuningPage(self._client, self._theme, self._stack))
        page.page_wanted.connect(self.show_page_named)
        return page

    @cached_property
    def connect_page(self) -> "ConnectPage":
        """The page that shows clients the way to the panel."""
        from ollama_panel.gui.pages.connect import ConnectPage

        page = self._added(ConnectPage(self._client, self._theme, self._stack))
        page.page_wanted.connect(self.show_page_named)
        return page

    @cached_property
    def doctor(self) -> "DoctorPage":
        """The page of the doctor."""
        from ollama_panel.gui.pages.doctor import DoctorPage

        page = self._added(DoctorPage(self._client, self._theme, self._stack))
        page.remedy_wanted.connect(self.alerts.mend)
        return page

    @cached_property
    def export(self) -> "ExportPage":
        """The page of the exports."""
        from ollama_panel.gui.pages.export import ExportPage

        return self._added(ExportPage(self._client, self._theme, self._stack))

    @cached_property
    def settings(self) -> "SettingsPage":
        """The page of the settings."""
        from ollama_panel.gui.pages.settings import SettingsPage

        return self._added(SettingsPage(self._client, self._theme, self._actions.login, self._stack))

    @cached_property
    def machine(self) -> "MachinePage":
        """The page of the machine."""
        from ollama_panel.gui.pages.machine import MachinePage

        return self._added(MachinePage(self._client, self._stack))

    @cached_property
    def first_run(self) -> "FirstRun":
        """The first run, in the place of the sidebar and the pages."""
        from ollama_panel.gui.first_run.view import FirstRun

        made = FirstRun(self._client, self._theme)
        made.ended.connect(self.end_first_run)
        self._row.addWidget(made, 1)
        return made

    @property
    def in_first_run(self) -> bool:
        """Whether the first run is shown."""
        return "first_run" in vars(self)

    @Slot()
    def begin_first_run(self) -> None:
        """Show the first run; it comes again with the next start unless the user ends it."""
        self._state.set(FIRST_RUN, True)
        self.sidebar.hide()
        self._stack.hide()
        self.first_run.show()
        self.toasts.keep_off(self.first_run.bar.height())

    @Slot(str)
    def end_first_run(self, page: str) -> None:
        """Show a page again; a first run that is asked for later begins at its beginning."""
        self._state.set(FIRST_RUN, False)
        if self.in_first_run:
            ended = self.first_run
            del self.first_run
            ended.hide()
            ended.deleteLater()
        self.sidebar.show()
        self._stack.show()
        self.show_page_named(page)

    def _added(self, page: P) -> P:
        self._stack.addWidget(page)
        return page

    def _page(self, number: int) -> PageFrame:
        """Return a page, built if it is the first time."""
        page: PageFrame = getattr(self, self._attribute(PAGES[number]))
        return page

    @staticmethod
    def _attribute(name: str) -> str:
        """Return the attribute that has the page of a name: QObject has a `connect` of its own."""
        return "connect_page" if name == "connect" else name

    @property
    def page_name(self) -> str:
        """The name of the current page."""
        return PAGES[self.page]

    @property
    def watched(self) -> bool:
        """Whether the window is on the screen: shown, and not minimised."""
        return self.isVisible() and not self.isMinimized()

    def take_over(self, old: "MainWindow") -> None:
        """Show what a window shows that this one replaces, and go on with what the user has begun there."""
        for name in (name for name in map(self._attribute, PAGES) if name in vars(old)):
            page: PageFrame = getattr(self, name)
            replaced: PageFrame = getattr(old, name)
            page.take_over(replaced)
            scroll_like(page.area, replaced.area)
        self.alerts.remember(old.alerts.memory)
        self.toasts.take_over(old.toasts)
        self.show_page(old.page)
        if old.in_first_run:
            self.begin_first_run()
            self.first_run.take_over(old.first_run)

    @Slot(int)
    def show_page(self, number: int) -> None:
        """Show a page."""
        self._page(self.page).release()
        self.page = number
        page = self._page(number)
        self.sidebar.select(number)
        page.hold(self.strip)
        self._stack.setCurrentWidget(page)
        self.toasts.keep_off(page.bar.sizeHint().height() if page.bar is not None else 0)
        page.show_snapshot(self._client.snapshot)

    def show_page_named(self, name: str) -> None:
        """Show the page of this name, if there is one."""
        if name in PAGES:
            self.show_page(PAGES.index(name))

    @Slot(str)
    def show_tuning_of(self, pool: str) -> None:
        """Show the page that measures which settings of a pool are the best, with that pool chosen."""
        self.show_page_named("tuning")
        self.tuning.ask_for_pool(PoolName(pool))

    @Slot(str)
    def show_export_of(self, profile: str) -> None:
        """Show the page of the exports, with the profile of this name chosen."""
        self.show_page_named("export")
        self.export.choose_profile(profile)

    @Slot(str)
    def show_finding(self, finding: str) -> None:
        """Show the page of the doctor, with the finding of this id opened."""
        self.show_page_named("doctor")
        self.doctor.reveal(finding)

    @Slot()
    def check_machine(self) -> None:
        """Show the page of the doctor, and look at everything now."""
        self.show_page_named("doctor")
        self.doctor.check_now()

    @Slot()
    def show_profiles(self) -> None:
        """Show all profiles."""
        from ollama_panel.gui.widgets.profiles_dialog import show_profiles

        show_profiles(self._client, self)

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the engine's state, if the window is on the screen; the newest one is shown when it comes back."""
        if self.watched:
            self._show(snapshot)

    def _show(self, snapshot: Snapshot) -> None:
        """Show the engine's state on the visible page; the overview records its samples in any case."""
        self.alerts.show_snapshot(snapshot)
        self.sidebar.show_snapshot(snapshot)
        self.overview.show_snapshot(snapshot)
        if self.in_first_run:
            self.first_run.show_snapshot(snapshot)
            return
        page = self._page(self.page)
        if page is not self.overview and self.isVisible():
            page.show_snapshot(snapshot)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.sidebar.set_compact(event.size().width() < EXPANDED_FROM)
        super().resizeEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.drawn.is_set():
            QTimer.singleShot(0, self.drawn.set)  # what is in the window is painted before

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_snapshot(self._client.snapshot)
        self.shown.emit()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.shown.emit()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.show_snapshot(self._client.snapshot)
            self.shown.emit()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.close_requested.emit()

    def _lay_out(self, root: QWidget) -> None:
        self._row = QHBoxLayout(root)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self.sidebar)
        self._row.addWidget(self._stack, 1)
