"""What Linux and macOS tell of processes that they ended for memory."""

from collections.abc import Sequence
from pathlib import Path

from ollama_panel.core.ollama.crashes import SystemSigns
from ollama_panel.engine.host.killings import Run, count, signs

KERNEL = (
    "audit: something else\n"
    "Out of memory: Killed process 4711 (ollama) total-vm:9000kB\n"
    "Out of memory: Killed process 4712 (other) total-vm:9000kB\n"
)


def machine(root: Path, **files: str) -> Path:
    """Make a machine with one control group of version 2."""
    texts = {"proc/self/cgroup": "0::/panel\n", "proc/vmstat": "nr_free_pages 7\noom_kill 3\n"}
    texts |= {"sys/fs/cgroup/panel/memory.events": "low 0\noom 2\noom_kill 2\noom_group_kill 0\n"} | files
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="ascii")
    return root


def test_the_kills_of_the_machine_and_of_the_own_groups_are_counted(tmp_path: Path) -> None:
    assert count(machine(tmp_path)) == 5


def test_where_nothing_tells_there_are_none(tmp_path: Path) -> None:
    assert count(tmp_path) == 0
    assert count(machine(tmp_path, **{"proc/vmstat": "oom_kill many\n", "proc/self/cgroup": ""})) == 0


def test_this_machine_can_be_asked() -> None:
    assert count() >= 0


def asked(printed: str | None) -> tuple[list[list[str]], Run]:
    commands = list[list[str]]()

    def run(command: Sequence[str], _limit_s: float) -> str | None:
        commands.append(list(command))
        return printed

    return commands, run


def test_the_log_of_the_kernel_names_the_process() -> None:
    commands, run = asked(KERNEL)
    found = signs(4711, count(), run, "linux")
    assert found.kernel == ("Out of memory: Killed process 4711 (ollama) total-vm:9000kB",)
    assert commands[0][0] == "journalctl"
    assert not found.short


def test_systemds_watch_of_memory_is_a_sign() -> None:
    _, run = asked("Killed /user.slice/app.slice/panel.service due to memory pressure for /user.slice\n")
    assert signs(1, count(), run, "linux").short


def test_a_log_that_may_not_be_read_is_no_sign() -> None:
    _, run = asked(None)
    assert signs(1, count(), run, "linux") == SystemSigns()


def test_macos_tells_how_short_memory_is() -> None:
    assert [signs(1, 0, asked(level)[1], "darwin").short for level in ("1\n", "2\n", "4\n", "", None)] == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_windows_ends_nobody_for_memory() -> None:
    commands, run = asked("")
    assert signs(1, 0, run, "win32") == SystemSigns()
    assert commands == []
