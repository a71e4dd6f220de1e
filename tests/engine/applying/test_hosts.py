"""Machines that `ssh` reaches, with a stand-in for it."""

import asyncio
from pathlib import Path

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.engine.applying.hosts import Ssh

GOES_DOWN = r"""#!/bin/sh
exec 3>&1
/bin/sh 2>&1 >&3 | while read -r line; do
    case $line in
    *" 0") printf '%s\nConnection to box closed by remote host.\n' "$line" >&2 ;;
    *) echo "$line" >&2 ;;
    esac
done
"""


async def test_what_ssh_says_itself_right_after_a_command_is_not_the_commands_end(tmp_path: Path) -> None:
    program = tmp_path / "ssh"
    program.write_text(GOES_DOWN)
    program.chmod(0o755)
    host = Ssh("box", str(program))
    try:
        assert [(await host.run(f"echo {word}; exit {code}"))[:2] for word, code in (("a", 0), ("b", 3))] == [
            (0, "a\n"),
            (3, "b\n"),
        ]
    finally:
        await host.close()


def test_an_ssh_that_has_ended_before_it_was_written_to_tells_why(tmp_path: Path) -> None:
    """On the loop of the command line, which refuses to write to what has ended."""
    uvloop = pytest.importorskip("uvloop")
    program = tmp_path / "ssh"
    program.write_text("#!/bin/sh\necho 'ssh: connect to host box port 22: Connection refused' >&2\nexit 255\n")
    program.chmod(0o755)

    async def ended(host: Ssh) -> None:
        pipe = asyncio.subprocess.PIPE
        shell = await asyncio.create_subprocess_exec(program, stdin=pipe, stdout=pipe, stderr=pipe)
        await shell.wait()
        host._shell = shell
        await host.run("true")

    with (
        pytest.raises(PanelError, match=r"box cannot be reached by ssh: .*Connection refused"),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(ended(Ssh("box", str(program))))


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("exec cat >/dev/null", r"^box cannot be reached by ssh: it has not answered within 0\.3 s\.$"),
        (
            "echo 'ann@box: Permission denied (publickey).' >&2; exit 255",
            r"^box cannot be reached by ssh: ann@box: Permission denied \(publickey\); .*ssh-add\)\.$",
        ),
    ],
)
async def test_why_a_machine_is_not_reached_is_one_sentence(tmp_path: Path, script: str, told: str) -> None:
    program = tmp_path / "ssh"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    limit_s = 0.3 if "cat" in script else 60.0
    with pytest.raises(PanelError, match=told):
        await Ssh("box", str(program)).run("true", limit_s)
