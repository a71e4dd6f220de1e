"""The doctor of a running engine."""

import json
from pathlib import Path

import pytest

from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.errors import PanelError
from ollama_panel.core.findings import (
    Area,
    ChangeSettings,
    EditFiles,
    Finding,
    Fix,
    Remedy,
    Report,
    RunCommands,
    UseRemedy,
)
from ollama_panel.core.notices import notice
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.engine import control_doctor
from ollama_panel.engine.applying.hosts import Host
from ollama_panel.engine.doctor import session
from ollama_panel.engine.paths import Paths
from tests.fakes.live_engine import LiveEngine, live

TOLD = notice("doctor.not_looked")


def ill(id: str, fix: Fix) -> Finding:  # noqa: A002 - the name of the field
    return Finding(id, id, Area.SETTINGS, TOLD, fix=fix)


MACHINES = (
    ill("file", EditFiles((("/etc/default/ollama", "a\n", "b\n"),))),
    ill("command", RunCommands(("false",), ("true",))),
)
FINDINGS = (
    ill("queue", ChangeSettings(settings=(("proxy.queue_limit", "77"),))),
    ill("paused", UseRemedy(Remedy.RESUME)),
)


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[Snapshot | None]:
    """Let the machine be as each test says: what the engine shows the doctor."""
    seen = list[Snapshot | None]()

    async def gather(host: Host, snapshot: Snapshot | None = None) -> Facts:
        seen.append(snapshot)
        return Facts(1.0, snapshot=snapshot)

    def examine(facts: Facts, took_s: float = 0.0) -> Report:
        state = facts.snapshot
        assert state is not None
        there = {"queue": state.settings.proxy.queue_limit != 77, "paused": state.paused}
        return Report(1.0, took_s, findings=tuple(one for one in FINDINGS if there[one.id]))

    monkeypatch.setattr(control_doctor, "gather", gather)
    monkeypatch.setattr(session, "examine", examine)
    return seen


def open_of(panel: LiveEngine) -> list[str]:
    return [one.id for one in panel.engine.control.doctor.record.open]


async def test_it_mends_settings_and_switches_and_shows_it(tmp_path: Path, looked: list[Snapshot | None]) -> None:
    async with live(tmp_path) as panel:
        await panel.ready()
        doctor = panel.engine.control.doctor
        await panel.engine.set_paused(True)
        await doctor.check()
        assert (open_of(panel), len(looked)) == (["queue", "paused"], 1)
        plan = await doctor.plan("queue")
        assert "77" in str(plan.settings)
        mended = await doctor.fix("queue", plan=plan.id)
        assert (mended.problem, open_of(panel)) == (None, ["paused"])
        assert (await doctor.fix("paused")).problem is None
        assert open_of(panel) == []
        shown = json.loads(await panel.engine.control.status())["doctor"]
        assert [one["finding"] for one in shown["mended"]] == ["paused", "queue"]
        await doctor.undo(mended.id)
        assert open_of(panel) == ["queue"]
        assert [one.name for one in await doctor.bundle()][-1].startswith("logs/")
    async with live(tmp_path) as panel:
        assert [one.finding for one in panel.engine.control.doctor.record.mended] == ["paused", "queue"]


async def test_a_demonstration_mends_nothing_of_the_machine(
    tmp_path: Path, looked: list[Snapshot | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "examine", lambda *_: Report(1.0, findings=MACHINES))
    async with live(tmp_path) as panel:
        await panel.ready()
        doctor = panel.engine.control.doctor
        await doctor.check()
        for one in MACHINES:
            for ask in (doctor.plan, doctor.fix):
                with pytest.raises(PanelError, match="changes nothing of this machine"):
                    await ask(one.id)
        assert doctor.record.mended == ()


async def test_the_settings_file_is_written_anew_without_what_is_not_in_force(tmp_path: Path) -> None:
    path = Paths.of(tmp_path).settings
    async with live(tmp_path) as panel:
        await panel.ready()
        doctor = panel.engine.control.doctor
        path.write_text(path.read_text().replace('"proxy": {', '"proxy": {\n"bogus": 1,'))
        found = [one for one in (await doctor.check()).open if one.told.code == "problem"]
        assert [one.id for one in found] == ["settings.panel-file:proxy.bogus"]
        mended = await doctor.fix(found[0].id)
        assert (mended.problem, mended.can_undo) == (None, False)
        assert "bogus" not in path.read_text()
