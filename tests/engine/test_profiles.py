"""The profiles in the state folder: kept whole, shown in the snapshots, and an unreadable file lost by nobody."""

import threading
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning import profiles as of_profiles
from ollama_panel.engine import profiles_file
from ollama_panel.engine.profiles import Profiles
from ollama_panel.engine.store import Store
from tests.fakes.timelines import ToldTimeline
from tests.fakes.tunings import HERE, POOL, tuning

NIGHT = of_profiles.of_pool("night", POOL, HERE)
TUNED = of_profiles.of_tuning("balanced", tuning())


class Panel:
    """The profiles of an engine, and what its snapshots show."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "profiles.json"
        self.store = Store(Settings(), ToldTimeline(), lambda: None, lambda _: 0)
        self.profiles = Profiles(self.path, self.store)

    @property
    def snapshot(self) -> Snapshot:
        return self.store.snapshot(1.0, ())

    def shown(self) -> list[str]:
        return [one.name for one in self.snapshot.profiles]


@pytest.fixture
def panel(tmp_path: Path) -> Panel:
    return Panel(tmp_path)


async def test_what_is_kept_is_there_after_a_restart(panel: Panel) -> None:
    await panel.profiles.keep(NIGHT)
    await panel.profiles.keep(TUNED)
    assert panel.shown() == ["balanced", "night"]
    again = Panel(panel.path.parent)
    assert await again.profiles.load() == (TUNED, NIGHT)
    assert again.shown() == ["balanced", "night"]


async def test_a_profile_takes_the_place_of_one_of_its_name(panel: Panel) -> None:
    await panel.profiles.keep(NIGHT)
    await panel.profiles.keep(msgspec.structs.replace(TUNED, name="night"))
    (only,) = panel.snapshot.profiles
    assert only.measured is not None


async def test_a_profile_that_is_forgotten_is_gone(panel: Panel) -> None:
    await panel.profiles.keep(NIGHT)
    assert await panel.profiles.forget("night") == NIGHT
    assert panel.shown() == []
    assert await panel.profiles.load() == ()
    with pytest.raises(PanelError, match="There is no profile"):
        await panel.profiles.forget("night")


async def test_what_another_program_has_saved_is_seen_and_not_lost(panel: Panel) -> None:
    """As a command that reaches no panel."""
    await panel.profiles.keep(NIGHT)
    profiles_file.change(panel.path, lambda kept: of_profiles.with_profile(kept, TUNED))
    await panel.profiles.keep(msgspec.structs.replace(NIGHT, name="day"))
    assert panel.shown() == ["balanced", "day", "night"]


@pytest.mark.parametrize("content", [b"", b"{", b'{"profiles": 7}', b"\xff\xfe", b'{"profiles": [{"name": "x"}]}'])
async def test_a_file_that_cannot_be_read_is_told_and_kept(panel: Panel, content: bytes) -> None:
    panel.path.write_bytes(content)
    assert await panel.profiles.load() == ()
    (problem,) = panel.snapshot.problems
    assert (problem.where, problem.notice.code) == ("profiles.json", "profiles.broken")
    assert panel.path.read_bytes() == content

    await panel.profiles.keep(NIGHT)
    assert panel.snapshot.problems == ()
    assert profiles_file.read(panel.path) == (NIGHT,)
    kept = [path.read_bytes() for path in panel.path.parent.glob("profiles.json.broken-*")]
    assert kept == ([content] if content else [])


async def test_a_folder_in_the_place_of_the_file_is_told(panel: Panel) -> None:
    panel.path.mkdir()
    assert await panel.profiles.load() == ()
    assert panel.snapshot.problems
    with pytest.raises(PanelError, match=r"profiles\.json"):
        await panel.profiles.keep(NIGHT)
    assert panel.path.is_dir()


async def test_an_edit_that_is_impossible_changes_nothing(panel: Panel) -> None:
    await panel.profiles.keep(NIGHT)
    before = panel.path.read_bytes()
    with pytest.raises(PanelError):
        profiles_file.change(panel.path, lambda kept: of_profiles.without_profile(kept, "day"))
    assert panel.path.read_bytes() == before


def test_programs_that_save_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "profiles.json"
    names = [f"p{number}" for number in range(8)]

    def save(name: str) -> None:
        profiles_file.change(
            path, lambda kept: of_profiles.with_profile(kept, msgspec.structs.replace(NIGHT, name=name))
        )

    threads = [threading.Thread(target=save, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.name for one in profiles_file.read(path)] == names


def test_others_may_not_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "profiles.json"
    profiles_file.change(path, lambda kept: of_profiles.with_profile(kept, NIGHT))
    assert path.stat().st_mode & 0o077 == 0
