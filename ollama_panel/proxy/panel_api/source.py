"""The engine's side of the panel's API. Every method runs on the proxy's loop."""

from contextlib import AbstractAsyncContextManager
from enum import Enum
from typing import Protocol

from ollama_panel.core.applying.record import Applying, FileChange
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.findings import BundleFile, DoctorRecord, FixPlan, Mended
from ollama_panel.core.history.questions import Question
from ollama_panel.core.ids import InstanceId, PoolName, RequestId
from ollama_panel.core.importing.record import Imported, ImportPlan, ImportRequest, LastImport
from ollama_panel.core.panel_api import ServerAnswer, SettingsChanged
from ollama_panel.core.replacements import ServerCommand
from ollama_panel.core.settings.edits import Edit
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import InstanceRecord, RequestRecord, Snapshot
from ollama_panel.core.takeover import TakeoverAnswer
from ollama_panel.core.tuning.profile import Profile
from ollama_panel.core.tuning.record import TuningPreview, TuningRecord
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.proxy.panel_api.source_operations import DrillSource, ModelsSource, RecordingSource, YieldSource


class Command(Enum):
    """What an instance can be told."""

    START = "start"
    STOP = "stop"
    RESTART = "restart"


class Feed(Protocol):
    """The state as it changes; who is slow misses what was in between."""

    async def next(self) -> Snapshot:
        """Return the newest snapshot, as soon as there is a newer one than that of the last call."""
        ...


class ProfilesSource(Protocol):
    """The profiles. Every method raises `PanelError` if the engine does not run any more."""

    async def all(self) -> tuple[Profile, ...]:
        """Return the profiles, by name."""
        ...

    async def find(self, name: str) -> Profile:
        """Return a profile. Raises `PanelError` if there is none of that name."""
        ...

    async def save_tuning(self, name: str, tuning: str) -> Profile:
        """Save the result of a tuning as a profile. Raises `PanelError` if it has none, or as `keep`."""
        ...

    async def save_pool(self, name: str, pool: str) -> Profile:
        """Save the settings that a pool has now as a profile. Raises `PanelError` if there is no such pool."""
        ...

    async def keep(self, profile: Profile) -> Profile:
        """Keep a profile, in the place of one of its name, and return it. Raises `PanelError` if that fails."""
        ...

    async def forget(self, name: str) -> Profile:
        """Forget a profile and return it. Raises `PanelError` if there is none of that name."""
        ...

    async def apply(self, name: str, pool: str | None, *, wait: bool, dry_run: bool) -> SettingsChanged:
        """Give a pool the settings of a profile; None = the pool that it was made for. See `PanelSource.change`."""
        ...


class ExportsSource(Protocol):
    """The exports that are put into force. Every method raises `PanelError` if the engine does not run any more.

    `applying` is the one under way, one that was interrupted, or the last of this run. A `host` is `user@machine` for
    the system's ssh, "" = this machine; `ask_password`: the system may ask for one.
    """

    applying: Applying | None

    async def made(self, target: str, pools: tuple[PoolName, ...] = (), *, of_user: bool = False) -> Export:
        """Return the export of the settings in force for this machine, of the named pools or of all."""
        ...

    async def installed(self, export: Export, host: str = "") -> tuple[FileChange, ...]:
        """Return how the files of an export differ from those on a machine; it only reads."""
        ...

    async def plan(self, export: Export, host: str = "") -> Applying:
        """Return what would be done; it only reads. Raises `PanelError` if that is not possible."""
        ...

    async def verify(self, export: Export, host: str = "") -> Applying:
        """Return what is in force of an export, with what proves it; it only reads."""
        ...

    async def plan_undo(self, host: str = "", target: str = "") -> Applying:
        """Return what `undo` would change; it only reads. Raises `PanelError` if there is nothing to undo."""
        ...

    async def apply(
        self, export: Export, host: str = "", *, plan: str = "", now: bool = False, ask_password: bool = False
    ) -> Applying:
        """Put an export into force, prove it or go back; or go on with that. Raises `PanelError` if nothing was begun.

        `plan` is the id of the plan that somebody has seen, `now`: without waiting until no client is at work.
        """
        ...

    async def undo(
        self, host: str = "", target: str = "", *, now: bool = False, ask_password: bool = False
    ) -> Applying:
        """Bring back what was there before the newest export of a machine; "" = whatever its target.

        Raises `PanelError` if there is nothing to undo.
        """
        ...

    async def restart_now(self) -> None:
        """Wait no longer until no client is at work."""
        ...

    async def cancel(self) -> None:
        """Break off what waits for clients: what was written goes back."""
        ...


class ImportsSource(Protocol):
    """The imports of configuration sources. Every method raises `PanelError` if the engine does not run any more."""

    async def plan(self, request: ImportRequest) -> ImportPlan:
        """Return what an import would do; it only reads. Raises `PanelError` if there is no such source."""
        ...

    async def apply(self, request: ImportRequest, *, wait: bool) -> Imported:
        """Put an import into force; `wait` as for `PanelSource.change`.

        Raises `PanelError` if there is no such source, if nothing of it could be taken, if it is not the import that
        somebody has seen, or as `PanelSource.change`.
        """
        ...

    async def undo(self, *, wait: bool, at: float | None = None) -> SettingsChanged:
        """Take back the import of a Unix time, None = the last one; what was changed since stays.

        Raises `PanelError` if there is none.
        """
        ...

    async def last(self) -> LastImport:
        """Return the last import that can be undone."""
        ...


class DoctorSource(Protocol):
    """The doctor of this machine. Every method raises `PanelError` if the engine does not run any more."""

    @property
    def record(self) -> DoctorRecord:
        """What it has found and mended; its `applying` tells how far the fix is that is under way."""
        ...

    async def check(self) -> DoctorRecord:
        """Look at everything now, and return what was found; while a check runs, wait for that one."""
        ...

    async def ignore(self, finding: str) -> DoctorRecord:
        """Set a finding aside. Raises `PanelError` if there is none of that id."""
        ...

    async def show_again(self, finding: str) -> DoctorRecord:
        """Take back that a finding is set aside."""
        ...

    async def plan(self, finding: str) -> FixPlan:
        """Return what the fix of a finding would do; it only reads. Raises `PanelError` if it has none."""
        ...

    async def fix(self, finding: str, *, plan: str = "", now: bool = False, ask_password: bool = False) -> Mended:
        """Mend a finding, or go on with that, and check again.

        `plan` is the id of the plan that somebody has seen, `now`: without waiting until no client is at work. Raises
        `PanelError` if nothing was begun.
        """
        ...

    async def undo(self, mended: str, *, now: bool = False, ask_password: bool = False) -> Mended:
        """Take back what has mended a finding, by the id of that. Raises `PanelError` if it cannot be taken back."""
        ...

    async def plan_undo(self, mended: str) -> FixPlan:
        """Return what `undo` would do; it only reads. Raises `PanelError` if it cannot be taken back."""
        ...

    async def restart_now(self) -> None:
        """Wait no longer until no client is at work."""
        ...

    async def cancel(self) -> None:
        """Break off what waits for clients: what was written goes back."""
        ...

    async def bundle(self) -> tuple[BundleFile, ...]:
        """Return the files of a support bundle, without secrets."""
        ...


class PanelSource(Protocol):
    """The engine, as the panel's API sees it. Every method raises `PanelError` if the engine does not run any more."""

    @property
    def profiles(self) -> ProfilesSource:
        """The profiles of pools."""
        ...

    @property
    def exports(self) -> ExportsSource:
        """The exports that are put into force."""
        ...

    @property
    def doctor(self) -> DoctorSource:
        """The doctor of this machine."""
        ...

    @property
    def imports(self) -> ImportsSource:
        """The imports of configuration sources."""
        ...

    @property
    def models(self) -> ModelsSource:
        """The models in the memory of instances."""
        ...

    @property
    def gpu_yield(self) -> YieldSource:
        """The GPU given to others."""
        ...

    @property
    def recording(self) -> RecordingSource:
        """The recording of the run."""
        ...

    @property
    def drills(self) -> DrillSource:
        """Drills."""
        ...

    async def status(self) -> bytes:
        """Return the current snapshot as JSON."""
        ...

    async def metrics(self) -> bytes:
        """Return the metrics in Prometheus' text format."""
        ...

    async def reload_settings(self) -> None:
        """Read the settings file again and apply it. Raises `PanelError` if that is impossible."""
        ...

    async def settings(self) -> Settings:
        """Return the settings in the file, or those in force if it cannot be read."""
        ...

    async def snapshot(self) -> Snapshot:
        """Return the state with memory and models as they are now."""
        ...

    async def refresh_servers(self) -> None:
        """Look at the Ollama servers of this machine, unless that was done in the last seconds."""
        ...

    async def refresh_bypassing(self) -> None:
        """Look who goes past the panel, and to which servers, unless that was done in the last seconds."""
        ...

    async def act_on_server(self, server: str, command: ServerCommand, *, dry_run: bool) -> ServerAnswer:
        """Carry out a command for a found server; `dry_run` only says what replacing it would do.

        Raises `PanelError` if there is no such server, or if that is not possible.
        """
        ...

    async def take_over(self, server: str, *, dry_run: bool, ask_password: bool) -> TakeoverAnswer:
        """Let the panel listen at the address of a server, and that elsewhere, or go on with that.

        Without a name it is the server at Ollama's own port. `dry_run` only says what would be done. `ask_password`:
        the system may ask for one. Raises `PanelError` if that is not possible, or if a step fails.
        """
        ...

    async def undo_take_over(self, *, dry_run: bool, ask_password: bool) -> TakeoverAnswer:
        """Undo that, or go on with undoing it; see `take_over`."""
        ...

    async def change(self, edit: Edit, *, wait: bool, dry_run: bool) -> SettingsChanged:
        """Change the settings by `edit`, which gets those in the file, with what other programs have changed there.

        `wait`: return when all instances run with them; else when they are saved and begun. `dry_run` changes nothing.
        The `problems` in the answer are those that are new.
        Raises what `edit` raises, and `PanelError` if they are not valid or cannot be saved (then nothing changes), or
        if an instance does not run with them. A client that leaves does not break it off.
        """
        ...

    async def act(self, instance: InstanceId, command: Command, *, wait: bool) -> InstanceRecord:
        """Carry out a command, and return the instance's record: at once, or with `wait` when it is done.

        Raises `PanelError` if there is no such instance, or if its process is not the panel's own.
        """
        ...

    async def log_lines(self, instance: InstanceId, after: int) -> tuple[int, tuple[str, ...]]:
        """Return the kept log lines after number `after`, and the number of the last one.

        Raises `PanelError` if there is no such instance.
        """
        ...

    async def request(self, request: RequestId) -> RequestRecord | None:
        """Return the record of a request, None if it is unknown or has been forgotten."""
        ...

    async def cancel_request(self, request: RequestId) -> None:
        """Cancel a request, waiting or running; do nothing if it has ended."""
        ...

    async def move_to_front(self, request: RequestId) -> None:
        """Let a waiting request be the next. Raises `PanelError` if it does not wait."""
        ...

    async def move_back(self, request: RequestId) -> None:
        """Put a request that was moved to the front back at its former place. Raises `PanelError` as that."""
        ...

    async def undo_last_change(self) -> SettingsChanged:
        """Apply the settings as they were before the last change of this run.

        Raises `PanelError` if there was none, or as `change` does.
        """
        ...

    async def history(self, question: Question) -> bytes:
        """Return the answer to a question about the history, as JSON.

        Raises `PanelError` if there is no history, if it cannot be read, or if it does not have what is asked for.
        """
        ...

    async def tuning_preview(self, task: TuningTask) -> TuningPreview:
        """Return what a tuning would do; its `problem` says why it is not possible."""
        ...

    async def tune(self, task: TuningTask) -> TuningRecord:
        """Begin a tuning and return its record, or go on with one that was interrupted, if it is for the same task.

        Raises `PanelError` if one is under way, or if it is not possible.
        """
        ...

    async def pause_tuning(self) -> None:
        """Pause the tuning under way; return when the former settings are in force. Raises `PanelError` if none is."""
        ...

    async def resume_tuning(self) -> None:
        """Go on now with a tuning that is paused or waits. Raises `PanelError` if none does, or if one is under way."""
        ...

    async def cancel_tuning(self) -> None:
        """End the tuning; return when the former settings are in force. Raises `PanelError` if there is none."""
        ...

    async def tunings(self) -> tuple[TuningRecord, ...]:
        """Return the tunings that have ended, the newest first."""
        ...

    async def apply_tuning(self, tuning: str, *, wait: bool) -> SettingsChanged:
        """Put the best settings of a tuning into force; see `change`. Raises `PanelError` if it has none."""
        ...

    def follow(self) -> AbstractAsyncContextManager[Feed]:
        """Follow the state: while this is open, it is looked at as often as for a window."""
        ...
