"""Where the panel keeps what it writes: one folder for everything."""

from pathlib import Path

import msgspec
import platformdirs


class Paths(msgspec.Struct, frozen=True):
    """The files of one state folder."""

    state_dir: Path

    @classmethod
    def of(cls, state_dir: Path | None = None) -> "Paths":
        """Return the paths below `state_dir`, by default the user's own folder for application data."""
        return cls(state_dir or Path(platformdirs.user_data_path("ollama-panel", appauthor=False)))

    @property
    def settings(self) -> Path:
        """What the user decided."""
        return self.state_dir / "settings.json"

    @property
    def panel(self) -> Path:
        """Address and process id of the panel that runs on this folder; exists while it runs."""
        return self.state_dir / "panel.json"

    @property
    def lock(self) -> Path:
        """Held by the panel that runs on this folder."""
        return self.state_dir / "panel.lock"

    @property
    def children(self) -> Path:
        """The instances that run now, so that a panel that was killed leaves none behind for long."""
        return self.state_dir / "children.json"

    @property
    def log(self) -> Path:
        """The panel's own log; older parts beside it."""
        return self.state_dir / "logs" / "panel.log"

    @property
    def events(self) -> Path:
        """What the dispatcher was told and asked for, where the user wants it recorded."""
        return self.state_dir / "events.jsonl"

    @property
    def simulated_gpu(self) -> Path:
        """The run folder of the simulated graphics card in demo mode."""
        return self.state_dir / "simulated-gpu"
