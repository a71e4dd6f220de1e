"""systemd: units of the system or of a user, drop-ins, and units that quadlets become."""

import shlex
from collections.abc import Iterator, Sequence

import msgspec

from ollama_panel.core.applying.evidence import OF_PROCESS
from ollama_panel.core.applying.managers import Placed
from ollama_panel.core.applying.units import Unit
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import Notice, notice

_DROP_INS = ".d"
_SERVICE, _CONTAINER = ".service", ".container"
_ASK = r"""
show=$(%(control)s show %(unit)s --property=LoadState,ActiveState,SubState,NRestarts,MainPID 2>/dev/null) || exit 0
value() { printf '%%s\n' "$show" | sed -n "s/^$1=//p"; }
case $(value LoadState):$(value ActiveState):$(value SubState) in
not-found:*|masked:*) state=gone ;;
*:active:*) state=active ;;
*:failed:*) state=failed ;;
*:activating:auto-restart*) state=failed ;;
*:activating:*|*:reloading:*) state=starting ;;
*) state=gone ;;
esac
printf '\n@@state\n%%s\n' "$state"
printf '\n@@restarts\n%%s\n' "$(value NRestarts)"
journal() { read_journal "" "$@" 2>/dev/null || read_journal "sudo -n" "$@"; }
read_journal() { as=$1; shift; $as journalctl --quiet --no-pager --output=cat "$@"; }
if [ "$state" = failed ]; then printf '\n@@said\n'; journal --lines=1 %(option)s=%(unit)s; fi
pid=$(value MainPID)
"""
_OF_SERVER = (
    r"""
printf '\n@@declared\n%%s\n' "$(%(control)s show %(unit)s --property=Environment --value)"
"""
    + OF_PROCESS.replace("%", "%%")
    + r"""
if [ "${pid:-0}" -gt 0 ] 2>/dev/null; then
    printf '\n@@log\n'; journal "_PID=$pid" | grep -m 1 -F 'server config'
fi
exit 0
"""
)
_OF_CONTAINER = r"""
podman=%(podman)s
id=$($podman ps --quiet --filter label=PODMAN_SYSTEMD_UNIT=%(unit)s 2>/dev/null | head -n 1)
if [ -n "$id" ]; then
    printf '\n@@environment\n'; $podman inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$id"
    printf '\n@@log\n'; $podman logs "$id" 2>&1 | grep -F 'server config' | tail -n 1
fi
exit 0
"""
"""The unit's process is not the container's: Podman names the unit in a label of that (podman-systemd.unit(5))."""


class Systemd(msgspec.Struct, frozen=True):
    """The manager of the system, or that of a user; `containers`: its units are made of quadlets."""

    of_user: bool = False
    containers: bool = False

    @property
    def root(self) -> bool:
        """Whether its commands need an administrator."""
        return not self.of_user

    @property
    def graceful(self) -> bool:
        """Whether a restart breaks no answer off."""
        return False

    @property
    def system(self) -> str:
        """The system that it is a part of."""
        return "Linux"

    @property
    def _control(self) -> str:
        return "systemctl --user" if self.of_user else "systemctl"

    def units(self, export: Export, files: Placed) -> tuple[Unit, ...]:
        """Return the services, in the order of their files; a drop-in gives its unit the first worker."""
        return tuple(self._units(export, [path for path, _ in files]))

    def _units(self, export: Export, paths: Sequence[str]) -> Iterator[Unit]:
        workers = {f"ollama-{one.id}": one for one in export.workers}
        for path in paths:
            folder, _, name = path.rpartition("/")
            if folder.endswith(_DROP_INS):
                unit = folder.rpartition("/")[2].removesuffix(_DROP_INS)
                yield Unit(unit, (path,), _first(export), own_address=True)
            elif name.endswith((_SERVICE, _CONTAINER)):
                stem = name.removesuffix(_SERVICE).removesuffix(_CONTAINER)
                yield Unit(f"{stem}{_SERVICE}", (path,), workers.get(stem), contained=self.containers)

    def needed(self, units: Sequence[Unit]) -> tuple[tuple[str, Notice], ...]:
        """Return that systemd answers, that a unit is there that gets a drop-in, and podman for containers."""
        there = [one.name for one in units if one.own_address]
        cat = tuple(
            (f"{self._control} cat {shlex.quote(name)} >/dev/null", notice("apply.no_unit", unit=name))
            for name in there
        )
        podman = (("command -v podman >/dev/null", notice("apply.no_program", program="podman")),)
        manager = (
            (f"{self._control} --version >/dev/null", notice("apply.no_program", program="systemctl")),
            (f"{self._control} show --property=Version >/dev/null", notice("apply.no_systemd")),
        )
        return (*manager, *cat, *(podman if self.containers else ()))

    def check(self, files: Placed) -> tuple[str, ...]:
        """Return nothing: what systemd does not understand of a unit it says when it reads it, and the proof shows."""
        del files
        return ()

    def reload(self) -> tuple[str, ...]:
        """Return the command that lets it read its units again."""
        return (f"{self._control} daemon-reload",)

    def restart(self, unit: Unit, *, new: bool) -> tuple[str, ...]:
        """Return the commands that run a unit; one of a quadlet is enabled by its file."""
        name = shlex.quote(unit.name)
        enable = (f"{self._control} enable {name}",) if new and not self.containers else ()
        return (*enable, f"{self._control} restart {name}")

    def stop(self, unit: Unit, *, new: bool) -> tuple[str, ...]:
        """Return the command that ends a unit; one of a quadlet is disabled by its file."""
        name = shlex.quote(unit.name)
        return (
            f"{self._control} disable --now {name}" if new and not self.containers else f"{self._control} stop {name}",
        )

    def look(self, unit: Unit) -> str:
        """Return the script that asks systemd, the process and the journal."""
        words = {
            "control": self._control,
            "unit": shlex.quote(unit.name),
            "option": "_SYSTEMD_USER_UNIT" if self.of_user else "_SYSTEMD_UNIT",
            "podman": "podman" if self.of_user else "'sudo -n podman'",
        }
        return (_ASK + (_OF_CONTAINER if self.containers else _OF_SERVER)) % words


def _first(export: Export) -> InstanceSpec | None:
    return export.workers[0] if export.workers else None
