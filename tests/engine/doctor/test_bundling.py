"""The support bundle of a panel."""

from pathlib import Path

from ollama_panel import __version__
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.findings import DoctorRecord
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine.doctor import bundling
from ollama_panel.engine.paths import Paths


async def test_it_has_the_ends_of_the_logs(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    paths.log.parent.mkdir()
    paths.log.write_text("".join(f"line {number}\n" for number in range(2 * bundling.MOST_LINES)))
    logs = {"chat-1.log": ("one", "two"), "chat-2.log": ()}
    files = await bundling.made(DoctorRecord(), Facts(), paths, Settings(), logs)
    found = {one.name: one.text for one in files}
    assert found["logs/chat-1.log"] == "one\ntwo\n"
    assert found["logs/panel.log"].splitlines()[0] == f"line {bundling.MOST_LINES}"
    assert "logs/chat-2.log" not in found
    assert f"Ollama Panel: {__version__}\n" in found["versions.txt"]


async def test_the_files_of_the_logs_of_instances_are_in_it_without_secrets(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    paths.logs.mkdir()
    (paths.logs / "chat-1.log").write_text("2026-03-02T08:15:00.000 HF_TOKEN=hf_abcdefghij\n")
    (paths.logs / "former-1.log").write_text("of an instance that is gone\n")
    files = await bundling.made(DoctorRecord(), Facts(), paths, Settings(), {"chat-1.log": ("in memory",)})
    found = {one.name: one.text for one in files}
    assert found["logs/chat-1.log"] == "2026-03-02T08:15:00.000 HF_TOKEN=(hidden)\n"
    assert found["logs/former-1.log"] == "of an instance that is gone\n"


def test_a_log_that_is_not_there_has_no_lines(tmp_path: Path) -> None:
    assert bundling.last_lines(tmp_path / "none") == ()
    long = tmp_path / "long"
    long.write_text("x" * 600_000 + "\nlast\n")
    assert bundling.last_lines(long) == ("last",), "half a line is none"


async def test_it_takes_the_newest_evidence_of_instances_along(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    for number in range(5):
        folder = paths.evidence / f"2026080{number}-120000-chat-1-hung"
        folder.mkdir(parents=True)
        (folder / "log.txt").write_text("OLLAMA_API_KEY=abcdefghij and the rest\n")
    files = await bundling.made(DoctorRecord(), Facts(), paths, Settings(), {})
    found = {one.name: one.text for one in files if one.name.startswith("evidence/")}
    assert sorted(found) == [f"evidence/2026080{number}-120000-chat-1-hung/log.txt" for number in (2, 3, 4)]
    assert all("rest" in text and "abcdefghij" not in text for text in found.values())
