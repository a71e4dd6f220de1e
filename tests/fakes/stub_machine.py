"""A machine whose service manager and servers are scripts, in a folder: what is put into force there can be looked at.

`systemctl` knows units of a folder; a unit that runs has the variables that were loaded when it was started, and `curl`
answers for it. Files tell it to fail: `broken` names a variable with which no server starts, `full` lets no file be
written, `asks` lets `sudo` want a password. `connections` is what `ss` prints.
"""

import os
from pathlib import Path

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.engine.applying.hosts import LIMIT_S, Done, Local

_SYSTEMCTL = """\
#!/bin/sh
root=$(dirname "$0")/..
echo "$*" >>"$root/log"
[ "$1" = --user ] && shift
verb=$1
shift
value=
for one; do
    case $one in --value) value=yes ;; -*) ;; *) name=$one ;; esac
done
units() { ls -d "$root"/*/.config/systemd/user/$1 "$root"/*/etc/systemd/system/$1 2>/dev/null; }
variables() {
    cat "$1" "$1".d/*.conf 2>/dev/null | sed -n 's/^Environment="\\(.*\\)"$/\\1/p' |
        awk -F= '{ line[$1] = $0 } END { for (name in line) print line[name] }'
}
case $verb in
cat) units "$name" >/dev/null ;;
daemon-reload)
    rm -f "$root"/loaded/*
    units '*.service' | while read -r unit; do variables "$unit" >"$root/loaded/${unit##*/}"; done
    ;;
enable) touch "$root/enabled/$name" ;;
stop) rm -f "$root/running/$name" ;;
disable) rm -f "$root/running/$name" "$root/enabled/$name" ;;
restart)
    [ -e "$root/loaded/$name" ] || { echo "Unit $name not found." >&2; exit 5; }
    cp "$root/loaded/$name" "$root/running/$name"
    if [ -e "$root/broken" ] && grep -q "$(cat "$root/broken")" "$root/running/$name"; then
        echo failed >"$root/running/$name"
    fi
    ;;
show)
    if [ "$value" ]; then tr '\\n' ' ' <"$root/loaded/$name"; exit; fi
    if [ ! -e "$root/loaded/$name" ]; then echo LoadState=not-found; exit; fi
    state=inactive
    [ -e "$root/running/$name" ] && state=active && grep -q failed "$root/running/$name" && state=failed
    printf 'LoadState=loaded\\nActiveState=%s\\nSubState=%s\\nNRestarts=0\\nMainPID=0\\n' "$state" "$state"
    ;;
esac
"""
_CURL = """\
#!/bin/sh
root=$(dirname "$0")/..
for one in "$root"/running/*; do
    grep -q failed "$one" || { echo '{"version":"0.32.15"}'; exit 0; }
done
exit 7
"""
_SUDO = """\
#!/bin/sh
if [ -e "$(dirname "$0")/../asks" ]; then echo 'sudo: a password is required' >&2; exit 1; fi
[ "$1" = -n ] && shift
exec "$@"
"""
_CP = """\
#!/bin/sh
if [ -e "$(dirname "$0")/../full" ]; then
    for last; do :; done
    case $last in *.new-ollama-panel)
        printf half >"$last"
        echo "cp: error writing '$last': No space left on device" >&2
        exit 1
    esac
fi
exec /bin/cp "$@"
"""
_SS = '#!/bin/sh\ncat "$(dirname "$0")/../connections" 2>/dev/null || true\n'
_ID = "#!/bin/sh\necho UID\n"
_PROGRAMS = {"systemctl": _SYSTEMCTL, "curl": _CURL, "sudo": _SUDO, "cp": _CP, "ss": _SS, "id": _ID}


class StubMachine:
    """The machine in a folder. `units` is the folder of its units, of the user or, unless `of_user`, of the system."""

    def __init__(self, root: Path, *, uid: int = 1000, of_user: bool = True) -> None:
        self.root = root
        self.home = root / "a home"
        self.place = "~/.config/systemd/user" if of_user else "~/etc/systemd/system"
        self.units = self.home / self.place[2:]
        self.units.mkdir(parents=True)
        for name in ("loaded", "running", "enabled", "bin"):
            (root / name).mkdir()
        for name, text in _PROGRAMS.items():
            program = root / "bin" / name
            program.write_text(text.replace("UID", str(uid)))
            program.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        """The variables of its shells."""
        return {"PATH": f"{self.root / 'bin'}:{os.defpath}", "HOME": str(self.home)}

    @property
    def shell(self) -> tuple[str, ...]:
        """The command of its shells."""
        return ("env", "-i", *(f"{name}={value}" for name, value in self.environment.items()), "/bin/sh")

    @property
    def host(self) -> Local:
        """The machine, as what puts exports into force reaches it."""
        return Local(self.shell)

    def running(self, unit: str) -> dict[str, str] | None:
        """Return the variables of a unit that runs, None if it does not."""
        path = self.root / "running" / unit
        if not path.exists():
            return None
        return dict(line.split("=", 1) for line in path.read_text().splitlines())

    def files(self) -> dict[str, str]:
        """Return the units and drop-ins that are there, with their texts, and whatever was left beside."""
        return {str(one.relative_to(self.units)): one.read_text() for one in self.units.rglob("*") if one.is_file()}

    def commands(self) -> list[str]:
        """Return the commands that changed something, of those that its manager was given."""
        path = self.root / "log"
        lines = path.read_text().splitlines() if path.exists() else []
        changing = ("restart", "enable", "disable", "stop", "daemon-reload")
        return [line for line in lines if line.removeprefix("--user ").split()[0] in changing]


class CutHost:
    """A machine whose connection is cut after some scripts, in the middle of one if `after` it has run."""

    def __init__(self, machine: StubMachine, scripts: int, *, after: bool) -> None:
        self.name = "box"
        self.left = scripts
        self._after = after
        self._local = machine.host

    async def run(self, script: str, limit_s: float = LIMIT_S) -> Done:
        self.left -= 1
        if self.left < 0:
            if self._after and self.left == -1:
                await self._local.run(script, limit_s)
            raise PanelError(notice("apply.unreachable", host=self.name, reason="Connection reset by peer"))
        return await self._local.run(script, limit_s)

    async def close(self) -> None:
        pass
