"""Proxies in front of Ollama, as services of the system: nginx and HAProxy read their files without a restart."""

import re
import shlex
from collections.abc import Sequence

import msgspec

from ollama_panel.core.applying.managers import Placed
from ollama_panel.core.applying.units import Unit
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.notices import Notice, notice

_LOOK = r"""
pid=$(%(pid)s 2>/dev/null)
if [ -n "$pid" ]; then state=active; else state=gone; fi
printf '\n@@state\n%%s\n@@pid\n%%s\n' "$state" "$pid"
exit 0
"""


class Proxy(msgspec.Struct, frozen=True):
    """A proxy: its `program`, how it `checks` a file, how it takes it (`reloads`), and where its file says its port."""

    program: str
    checks: str
    reloads: str
    port: str

    @property
    def root(self) -> bool:
        """Whether its commands need an administrator."""
        return True

    @property
    def graceful(self) -> bool:
        """Whether a restart breaks no answer off: both proxies let the old process end its answers."""
        return True

    @property
    def system(self) -> str:
        """The system that it is a part of: any."""
        return ""

    def units(self, export: Export, files: Placed) -> tuple[Unit, ...]:
        """Return the proxy, with the first port that its files name."""
        del export
        found = re.search(self.port, "\n".join(text for _, text in files), re.MULTILINE)
        port = int(found[1]) if found is not None else 0
        return (Unit(self.program, tuple(path for path, _ in files), own_address=True, port=port),)

    def needed(self, units: Sequence[Unit]) -> tuple[tuple[str, Notice], ...]:
        """Return that the proxy is there, and runs: one that does not cannot take a file, nor take it back."""
        del units
        return (
            (f"command -v {self.program} >/dev/null", notice("apply.no_program", program=self.program)),
            (f"pgrep -x {self.program} >/dev/null", notice("apply.not_running", program=self.program)),
        )

    def check(self, files: Placed) -> tuple[str, ...]:
        """Return the command by which the proxy reads its files."""
        return (self.checks.format(file=shlex.quote(files[0][0])),)

    def reload(self) -> tuple[str, ...]:
        """Return the command by which the proxy takes its files."""
        return (self.reloads,)

    def restart(self, unit: Unit, *, new: bool) -> tuple[str, ...]:
        """Return nothing: the proxy has read the files."""
        del unit, new
        return ()

    def stop(self, unit: Unit, *, new: bool) -> tuple[str, ...]:
        """Return nothing: the proxy was there before."""
        del unit, new
        return ()

    def look(self, unit: Unit) -> str:
        """Return the script that looks for the proxy's process."""
        del unit
        return _LOOK % {"pid": f"pgrep -o -x {self.program}"}


NGINX = Proxy("nginx", "nginx -t -q", "nginx -s reload", r"^\s*listen\s+(?:\S+:)?(\d+)")
HAPROXY = Proxy("haproxy", "haproxy -c -q -f {file}", "systemctl reload haproxy", r"^\s*bind\s+(?:\S*?:)(\d+)")
