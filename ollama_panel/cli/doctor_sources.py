"""The doctor that the command asks: that of the running panel, or one of its own, for this machine or another one."""

import asyncio
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

import msgspec

from ollama_panel.cli import panel_client, settings_file
from ollama_panel.cli.panel_client import AbsentError, Panel
from ollama_panel.core import changes
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.errors import PanelError
from ollama_panel.core.findings import BundleFile, DoctorRecord, FixPlan, Mended, UseRemedy
from ollama_panel.core.launch import Inherited
from ollama_panel.core.notices import notice
from ollama_panel.core.panel_api import V1, SettingsChanged
from ollama_panel.core.settings.edits import Edit
from ollama_panel.engine.applying.hosts import Host, connect, kept_open
from ollama_panel.engine.doctor import bundling, panel_file
from ollama_panel.engine.doctor.gathering import gather
from ollama_panel.engine.doctor.mending import Permission
from ollama_panel.engine.doctor.session import DoctorSession
from ollama_panel.engine.host.discovery import home
from ollama_panel.engine.paths import Paths
from ollama_panel.proxy.panel_api.doctor import BundleAnswer, DoctorAnswer, FixPlanAnswer, MendedAnswer

T = TypeVar("T")
_PATH = f"{V1}/doctor"


class Doctor(Protocol):
    """What the command asks. Every method raises PanelError if it is not possible."""

    def record(self) -> DoctorRecord:
        """Return what was found and mended so far."""
        ...

    def check(self) -> DoctorRecord:
        """Look at everything now."""
        ...

    def ignore(self, finding: str) -> DoctorRecord:
        """Set a finding aside."""
        ...

    def show_again(self, finding: str) -> DoctorRecord:
        """Show it again."""
        ...

    def plan(self, finding: str) -> FixPlan:
        """Return what a fix would do."""
        ...

    def fix(self, finding: str, plan: str, *, now: bool) -> Mended:
        """Mend a finding, as the plan says."""
        ...

    def plan_undo(self, mended: str) -> FixPlan:
        """Return what taking a fix back would do."""
        ...

    def undo(self, mended: str, *, now: bool) -> Mended:
        """Take a fix back."""
        ...

    def bundle(self) -> tuple[BundleFile, ...]:
        """Return the files of a support bundle."""
        ...


@contextmanager
def of(state_dir: Path | None, host: str) -> "Iterator[Doctor]":
    """Give the doctor of this machine, or of another one by ssh. Raises PanelError if the machine cannot be reached."""
    running = None if host else panel_client.if_running(state_dir, _asked)
    if running is not None:
        yield running
        return
    alone = _Alone(Paths.of(state_dir), host)
    try:
        yield alone
    finally:
        alone.close()


def _asked(panel: Panel) -> "_OfPanel":
    """Return the doctor of a running panel. Raises AbsentError if it does not answer, or knows no doctor."""
    panel.get(_PATH, DoctorAnswer)
    return _OfPanel(panel)


class _OfPanel:
    """The doctor of the running panel."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel

    def record(self) -> DoctorRecord:
        return self._panel.get(_PATH, DoctorAnswer).doctor

    def check(self) -> DoctorRecord:
        return self._ask("POST", "check", DoctorAnswer).doctor

    def ignore(self, finding: str) -> DoctorRecord:
        return self._looked("PUT", finding, "ignore", DoctorAnswer).doctor

    def show_again(self, finding: str) -> DoctorRecord:
        return self._ask("DELETE", f"findings/{_word(finding)}/ignore", DoctorAnswer).doctor

    def plan(self, finding: str) -> FixPlan:
        return self._looked("GET", finding, "plan", FixPlanAnswer).plan

    def fix(self, finding: str, plan: str, *, now: bool) -> Mended:
        query: panel_client.Query = {"plan": plan, "now": str(now).lower()}
        return self._ask("POST", f"findings/{_word(finding)}/fix", MendedAnswer, query).mended

    def plan_undo(self, mended: str) -> FixPlan:
        return self._ask("GET", f"mended/{_word(mended)}/plan", FixPlanAnswer).plan

    def undo(self, mended: str, *, now: bool) -> Mended:
        query: panel_client.Query = {"now": str(now).lower()}
        return self._ask("POST", f"mended/{_word(mended)}/undo", MendedAnswer, query).mended

    def bundle(self) -> tuple[BundleFile, ...]:
        return self._ask("GET", "bundle", BundleAnswer).files

    def _looked(self, method: str, finding: str, what: str, kind: type[T]) -> T:
        """Ask for something of a finding, once the panel has looked."""
        if self.record().report is None:
            self.check()
        return self._ask(method, f"findings/{_word(finding)}/{what}", kind)

    def _ask(self, method: str, path: str, kind: type[T], query: panel_client.Query | None = None) -> T:
        answer = self._panel.ask(method, f"{_PATH}/{path}", patient=True, query=query or {})
        return panel_client.decoded(answer, kind)


def _word(name: str) -> str:
    return quote(name, safe="")


class _Alone:
    """A doctor without a panel; one connection serves for all that it asks of a machine."""

    def __init__(self, paths: Paths, host: str) -> None:
        self._paths = paths
        self._runner = asyncio.Runner()
        self._host: Host = connect(host, asks=sys.stdin.isatty())
        panel = None if host else _SettingsFile(paths)
        self._session = DoctorSession(paths.doctor, self._gather, host, panel=panel, connect=self._connected)
        self._session.open()

    def close(self) -> None:
        """End the connection."""
        self._run(self._host.close())
        self._runner.close()

    def record(self) -> DoctorRecord:
        return self._session.record

    def check(self) -> DoctorRecord:
        return self._run(self._session.check())

    def ignore(self, finding: str) -> DoctorRecord:
        self.check()
        return self._run(self._session.ignore(finding))

    def show_again(self, finding: str) -> DoctorRecord:
        return self._run(self._session.show_again(finding))

    def plan(self, finding: str) -> FixPlan:
        self.check()
        return self._run(self._session.plan(finding))

    def fix(self, finding: str, plan: str, *, now: bool) -> Mended:
        return self._run(self._session.fix(finding, Permission(plan, now)))

    def plan_undo(self, mended: str) -> FixPlan:
        return self._run(self._session.plan_undo(mended))

    def undo(self, mended: str, *, now: bool) -> Mended:
        return self._run(self._session.undo(mended, Permission("", now)))

    def bundle(self) -> tuple[BundleFile, ...]:
        self.check()
        facts = self._session.facts or Facts()
        settings = settings_file.read(self._paths.state_dir)
        return self._run(bundling.made(self._session.record, facts, self._paths, settings, {}))

    async def _gather(self) -> Facts:
        facts = await gather(kept_open(self._host))
        if self._host.name:
            return facts
        return msgspec.structs.replace(facts, panel_file=panel_file.look(self._paths.settings))

    def _connected(self, _: str) -> Host:
        return kept_open(self._host)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)


class _SettingsFile:
    """The settings of a panel that does not run."""

    def __init__(self, paths: Paths) -> None:
        self._folder = paths.state_dir

    async def change(self, edit: Edit, *, wait: bool, dry_run: bool) -> SettingsChanged:
        """Change the settings file; there is nobody whom it could disturb."""
        del wait
        if dry_run:
            before, after = settings_file.plan(self._folder, edit)
        else:
            changed = settings_file.edit(self._folder, edit)
            before, after = changed.before, changed.settings
        told = changes.plan(before, after, cores=1, gpu=False, inherited=Inherited(home=home()))
        if told.problems:
            raise PanelError(told.problems[0].notice)
        return SettingsChanged(after, (), ())

    async def use(self, remedy: UseRemedy) -> None:
        """Do nothing: a button is one of a running panel."""
        del remedy
        raise AbsentError(notice("doctor.needs_panel", place=notice("apply.on_this_machine")))
