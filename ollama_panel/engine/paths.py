"""The paths of all files that the panel writes, in one state folder."""

from pathlib import Path

import msgspec
import platformdirs

OURS = ("settings.json", "panel.", "children.json", "logs", "events.jsonl", "simulated-gpu")
"""How the names in a state folder begin that are the panel's: of these files, their backups and temporary ones."""


class Paths(msgspec.Struct, frozen=True):
    """The files of one state folder."""

    state_dir: Path

    @classmethod
    def of(cls, state_dir: Path | None = None) -> "Paths":
        """Return the paths below `state_dir`, by default the user's own folder for application data."""
        return cls(state_dir or Path(platformdirs.user_data_path("ollama-panel", appauthor=False)))

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
    def log(self) -> Path:
        """The panel's own log; its rotated files are beside it."""
        return self.state_dir / "logs" / "panel.log"

    @property
    def events(self) -> Path:
        """The log of the dispatcher's events and actions, if the settings ask for it."""
        return self.state_dir / "events.jsonl"

    @property
    def simulated_gpu(self) -> Path:
        """The folder of the simulated graphics card in demo mode."""
        return self.state_dir / "simulated-gpu"
