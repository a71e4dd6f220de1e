"""What is carried out on a machine, where a machine does not let it."""

from pathlib import Path

import pytest

from ollama_panel.core.applying.host import HostFacts
from ollama_panel.core.applying.record import FileChange, FileState
from ollama_panel.core.errors import PanelError
from ollama_panel.engine.applying import acting
from ollama_panel.engine.applying.hosts import Local

FULL = ("/bin/sh", "-c", "trap '' XFSZ; ulimit -f 4; exec /bin/sh")
"""A shell whose files have no room for more than some KiB."""


async def test_a_text_that_does_not_fit_on_the_disk_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    files = [FileChange("/etc/x", FileState.NEW, after="A=1\n"), FileChange("/etc/y", FileState.NEW, after="x" * 65536)]
    facts, staged = HostFacts(home=str(tmp_path)), tmp_path / ".cache/ollama-panel/id"
    with pytest.raises(PanelError, match=r"`cat >\S+/1-y` failed: .*[Ff]ile too large"):
        await acting.stage(Local(FULL), facts, "id", files)
    assert not staged.exists()
    await acting.stage(Local(), facts, "id", files)
    assert ((staged / "0-x").read_text(), (staged / "1-y").read_text()) == ("A=1\n", "x" * 65536)
