"""The jobs of launchd, from files as Homebrew and people write them."""

import plistlib
from pathlib import Path

from ollama_panel.engine.host.launchd_jobs import label_of


def test_the_job_that_runs_a_command(tmp_path: Path) -> None:
    program = tmp_path / "Cellar" / "ollama"
    program.parent.mkdir()
    program.touch()
    (tmp_path / "opt").symlink_to(program.parent)
    job = {"Label": "homebrew.mxcl.ollama", "ProgramArguments": [str(tmp_path / "opt" / "ollama"), "serve"]}
    (agents := tmp_path / "LaunchAgents").mkdir()
    (agents / "broken.plist").write_text("<plist>")
    (agents / "other.plist").write_bytes(plistlib.dumps({"Label": "other", "ProgramArguments": ["/bin/sh"]}))
    (agents / "empty.plist").write_bytes(plistlib.dumps({"Label": "empty"}))
    (agents / "strange.plist").write_bytes(plistlib.dumps(["a list"]))
    (agents / "homebrew.mxcl.ollama.plist").write_bytes(plistlib.dumps(job, fmt=plistlib.FMT_BINARY))
    folders = (tmp_path / "none", agents)
    arguments = (str(tmp_path / "opt" / "ollama"), "serve")
    assert label_of(arguments, str(program), folders) == "homebrew.mxcl.ollama"
    assert label_of((str(program), "serve"), str(program), folders) == "homebrew.mxcl.ollama"
    assert label_of((str(program), "run"), str(program), folders) == ""
    assert label_of(("/usr/bin/ollama", "serve"), "/usr/bin/ollama", folders) == ""
