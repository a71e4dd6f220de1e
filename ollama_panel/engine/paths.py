"""The paths of all files that the panel writes, in one state folder."""

from pathlib import Path

import msgspec
import platformdirs

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice

OURS = (
    "settings.json",
    "panel.",
    "children.json",
    "loads.json",
    "logs",
    "events.jsonl",
    "simulated-gpu",
    "window.ini",
    "cards.json",
    "history.",
    "workers",
    "servers.json",
    "takeover.json",
    "tunings",
    "profiles.json",
    "imported.json",
    "applied",
    "doctor",
    "recordings",
    "evidence",
    "gpu-yield.json",
)
"""How the names in a state folder begin that are the panel's: of these files, their backups and temporary ones."""


class Paths(msgspec.Struct, frozen=True):
    """The files of one state folder."""

    state_dir: Path

    @classmethod
    def of(cls, state_dir: Path | None = None) -> "Paths":
        """Return the paths below `state_dir`, by default the user's own folder for application data.

        Raises PanelError if the system names no home folder, as for a user id that has no account.
        """
        try:
            return cls(state_dir or Path(platformdirs.user_data_path("ollama-panel", appauthor=False)))
        except RuntimeError as error:
            raise PanelError(notice("folder.no_home")) from error

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.state_dir / "settings.json"

    @property
    def panel(self) -> Path:
        """URL and process id of the panel that uses this folder; exists while it runs."""
        return self.state_dir / "panel.json"

    @property
    def lock(self) -> Path:
        """The lock file, locked by the panel that uses this folder."""
        return self.state_dir / "panel.lock"

    @property
    def children(self) -> Path:
        """The running instances' processes, so that the next panel can end them if this one is killed."""
        return self.state_dir / "children.json"

    @property
    def cards(self) -> Path:
        """The graphics cards that the workers have found, by which the panel knows that one is gone."""
        return self.state_dir / "cards.json"

    @property
    def loads(self) -> Path:
        """What loads of models have taken, for forecasts."""
        return self.state_dir / "loads.json"

    @property
    def servers(self) -> Path:
        """What the user has decided of found servers, and what gives them back."""
        return self.state_dir / "servers.json"

    @property
    def takeover(self) -> Path:
        """The take-over of Ollama's address that was begun, and what undoes it."""
        return self.state_dir / "takeover.json"

    @property
    def profiles(self) -> Path:
        """The profiles of pools."""
        return self.state_dir / "profiles.json"

    @property
    def imported(self) -> Path:
        """The settings before and after the last import of configuration sources, which undo it."""
        return self.state_dir / "imported.json"

    @property
    def tunings(self) -> Path:
        """The folder with the tunings, a file for each."""
        return self.state_dir / "tunings"

    @property
    def applied(self) -> Path:
        """The folder with the exports that were put into force, and what puts back what was there before."""
        return self.state_dir / "applied"

    @property
    def doctor(self) -> Path:
        """The folder with what the doctor has mended and what was set aside, and what takes that back."""
        return self.state_dir / "doctor"

    @property
    def log(self) -> Path:
        """The panel's own log; its rotated files are beside it."""
        return self.logs / "panel.log"

    @property
    def logs(self) -> Path:
        """The folder with the panel's own log, those of the instances and those of servers started for others."""
        return self.state_dir / "logs"

    @property
    def history(self) -> Path:
        """The measurements, the events and the finished requests of the last days; SQLite's files are beside it."""
        return self.state_dir / "history.sqlite"

    @property
    def window(self) -> Path:
        """The window's size, place and page."""
        return self.state_dir / "window.ini"

    @property
    def recordings(self) -> Path:
        """The folder with the recordings of runs."""
        return self.state_dir / "recordings"

    @property
    def evidence(self) -> Path:
        """The folder with what was found of instances that were restarted because they hung or died."""
        return self.state_dir / "evidence"

    @property
    def gpu_yield(self) -> Path:
        """That the user has given the GPU to others, and the programs that are not to have it."""
        return self.state_dir / "gpu-yield.json"

    @property
    def simulated_gpu(self) -> Path:
        """The folder of the simulated graphics card in demo mode."""
        return self.state_dir / "simulated-gpu"
