"""`profiles list|show|save|apply|export|import|remove`, on the files of a state folder and through a panel."""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.profile_answers import ProfileAnswer
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning import profile_file
from ollama_panel.core.tuning import profiles as of_profiles
from ollama_panel.core.tuning.profile import Profile, ProfileSource
from ollama_panel.engine import configfile
from ollama_panel.engine import profiles_file as kept
from tests.cli.conftest import Outcome
from tests.cli.stand_in import standing_in
from tests.fakes.tunings import POOL, tuning

Panel = Callable[..., Outcome]
TUNED = of_profiles.of_tuning("balanced", tuning())


def settings(parallel: int = 2) -> Settings:
    """Return settings with the pool of the tuning."""
    return msgspec.structs.replace(Settings(), pools=(msgspec.structs.replace(POOL, parallel=parallel),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A state folder with the tuned profile, whose pool has other settings."""
    configfile.write(tmp_path / "settings.json", settings())
    kept.change(tmp_path / "profiles.json", lambda known: of_profiles.with_profile(known, TUNED))
    return tmp_path


def profiles_of(folder: Path) -> tuple[Profile, ...]:
    return kept.read(folder / "profiles.json")


def parallel(folder: Path) -> int:
    return configfile.read(folder / "settings.json").settings.pools[0].parallel


def answered(profile: Profile, *, ollama: str = "0.33.0") -> ProfileAnswer:
    """Return what a panel answers whose Ollama is of another version than the one that was measured."""
    return ProfileAnswer.of(profile, Snapshot(at=1.0, settings=settings(16), ollama_version=ollama))


# Without a panel


def test_profiles_are_listed_with_what_they_give(panel: Panel, folder: Path) -> None:
    head, row = panel("profiles", "--state-dir", folder).out.splitlines()
    assert head.split("  ")[0] == "PROFILE"
    assert row.split()[:10] == ["balanced", "chat", "1", "16", "8192", "433.0", "±", "4.3", "a", "tuning"]
    listed = json.loads(panel("profiles", "list", "--json", "--state-dir", folder).out)
    assert [(one["name"], one["settings"]["parallel"]) for one in listed["profiles"]] == [("balanced", 16)]


def test_without_a_profile_it_says_how_to_save_one(panel: Panel, tmp_path: Path) -> None:
    assert "profiles save NAME --pool POOL" in panel("profiles", "--state-dir", tmp_path).out


def test_a_profile_is_shown_with_where_it_is_from(panel: Panel, folder: Path) -> None:
    shown = panel("profiles", "show", "balanced", "--state-dir", folder).out
    assert shown.startswith("balanced, made from a tuning on 20")
    assert "On NVIDIA GeForce RTX 4090, driver 580.65.06, Ollama 0.32.15, llama3.1:8b (aaaaaaaaaaaa)" in shown
    assert "Measured: 433.0 ± 4.3 tokens/s, 37 ms per token (p50), first token within 1.6 s (p95)." in shown


def test_what_was_tried_is_shown_too(panel: Panel, folder: Path) -> None:
    shown = panel("profiles", "show", "balanced", "--state-dir", folder).out
    rows = [line.split() for line in shown.splitlines() if line.endswith(("now", "best"))]
    assert [(row[0], row[-1]) for row in rows] == [("2", "now"), ("16", "best")]


def test_a_file_that_somebody_has_made_sends_the_terminal_no_commands(panel: Panel, folder: Path) -> None:
    hostile = msgspec.structs.replace(
        TUNED, provenance=msgspec.structs.replace(TUNED.provenance, hardware="\x1b[2J\x07card")
    )
    kept.change(folder / "profiles.json", lambda known: of_profiles.with_profile(known, hostile))
    shown = panel("profiles", "show", "balanced", "--state-dir", folder).out
    assert "On [2Jcard, driver" in shown


def test_settings_are_saved_changed_and_brought_back(panel: Panel, folder: Path) -> None:
    saved = panel("profiles", "save", "night", "--pool", "chat", "--state-dir", folder)
    assert (saved.status, saved.out) == (0, "Saved as night: 1 worker, parallel 2, context 8,192.\n")
    panel("settings", "set", "pools.chat.parallel", "7", "--state-dir", folder)
    planned = panel("profiles", "apply", "night", "--dry-run", "--state-dir", folder)
    assert (planned.status, parallel(folder)) == (0, 7)
    assert "Nothing is changed." in planned.out
    applied = panel("profiles", "apply", "night", "--state-dir", folder)
    assert (applied.status, parallel(folder)) == (0, 2)
    assert [one.name for one in profiles_of(folder)] == ["balanced", "night"]


def test_a_profile_may_be_given_to_another_pool(panel: Panel, folder: Path) -> None:
    panel("pools", "add", "more", "--role", "batch", "--workers", "0", "--state-dir", folder)
    applied = panel("profiles", "apply", "balanced", "--pool", "more", "--state-dir", folder)
    assert applied.status == 0
    assert "more" in applied.out
    pools = configfile.read(folder / "settings.json").settings.pools
    shown = [(pool.name, pool.role.value, pool.parallel) for pool in pools]
    assert shown == [("chat", "chat", 2), ("more", "batch", 16)]


def test_what_is_exported_is_imported_elsewhere(panel: Panel, folder: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "x.profile.json", tmp_path / "other"
    exported = panel("profiles", "export", "balanced", "--out", file, "--state-dir", folder)
    assert exported == (0, "", f"Written to {file}.\n")
    printed = panel("profiles", "export", "balanced", "--state-dir", folder).out
    assert printed.encode() == file.read_bytes()
    taken = panel("profiles", "import", file, "--name", "theirs", "--state-dir", other)
    assert taken == (0, "Saved as theirs: 1 worker, parallel 16, context 8,192.\n", "")
    expected = msgspec.structs.replace(TUNED, name="theirs", source=ProfileSource.IMPORTED)
    assert profiles_of(other) == (expected,)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "It is not valid JSON: line 1, column 1"),
        (b"{}", "This is no profile of the panel: "),
        (b'{"format": "ollama-panel-profile", "version": 9}', "This is no profile of the panel: "),
    ],
)
def test_a_file_that_is_none_is_refused_with_one_sentence(
    panel: Panel, tmp_path: Path, content: bytes, told: str
) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(content)
    refused = panel("profiles", "import", file, "--state-dir", tmp_path)
    assert (refused.status, refused.out, refused.err.count("\n")) == (1, "", 1)
    assert refused.err.startswith(told)
    assert not (tmp_path / "profiles.json").exists()


def test_a_file_that_is_not_there_is_told(panel: Panel, tmp_path: Path) -> None:
    refused = panel("profiles", "import", tmp_path / "none.json", "--state-dir", tmp_path)
    assert refused.status == 1
    assert "none.json" in refused.err


def test_a_profile_is_forgotten_once(panel: Panel, folder: Path) -> None:
    assert panel("profiles", "remove", "balanced", "--state-dir", folder) == (0, "", "")
    assert profiles_of(folder) == ()
    again = panel("profiles", "remove", "balanced", "--state-dir", folder)
    assert (again.status, again.err) == (1, 'There is no profile "balanced", and no other one.\n')


@pytest.mark.parametrize("argv", [["save", "x"], ["save", "x", "--pool", "a", "--tuning", "b"], ["import"], ["show"]])
def test_what_is_missing_is_a_usage_error(panel: Panel, tmp_path: Path, argv: list[str]) -> None:
    assert panel("profiles", *argv, "--state-dir", tmp_path).status == 2


def test_the_result_of_a_tuning_is_known_to_a_running_panel_alone(panel: Panel, tmp_path: Path) -> None:
    refused = panel("profiles", "save", "x", "--tuning", "t-1", "--state-dir", tmp_path)
    assert (refused.status, refused.out) == (1, "")
    assert not (tmp_path / "profiles.json").exists()


# Through a panel


def test_a_running_panel_is_asked_for_everything(panel: Panel, folder: Path, tmp_path: Path) -> None:
    answer = answered(TUNED)
    with standing_in(folder) as server:
        server.on("PUT /panel/v1/profiles/of%20tuning", answer)
        server.on("GET /panel/v1/profiles/balanced", answer)
        server.on("DELETE /panel/v1/profiles/balanced", {"status": "removed"})
        saved = panel("profiles", "save", "of tuning", "--tuning", "t-1", "--state-dir", folder)
        assert (saved.status, saved.err) == (0, "Measured with Ollama 0.32.15 (now 0.33.0); tune again.\n")
        shown = panel("profiles", "show", "balanced", "--state-dir", folder).out
        assert "In force: chat.\nMeasured with Ollama 0.32.15 (now 0.33.0); tune again.\n" in shown
        panel("profiles", "remove", "balanced", "--state-dir", folder)
        assert [one.method for one in server.asked] == ["PUT", "GET", "DELETE"]
        assert server.asked[0].body == {"tuning": "t-1", "pool": None, "profile": None}
    assert profiles_of(folder) == (TUNED,)


def test_an_imported_profile_goes_through_the_panel(panel: Panel, tmp_path: Path) -> None:
    file = tmp_path / "x.profile.json"
    file.write_bytes(profile_file.written(TUNED, "0.9.0"))
    with standing_in(tmp_path) as server:
        server.on("PUT /panel/v1/profiles/balanced", answered(TUNED))
        assert panel("profiles", "import", file, "--state-dir", tmp_path).status == 0
        (asked,) = server.asked
    assert isinstance(asked.body, dict)
    assert asked.body["profile"]["settings"]["parallel"] == 16
    assert not (tmp_path / "profiles.json").exists()
