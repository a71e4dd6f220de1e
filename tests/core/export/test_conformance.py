"""What every target keeps to, so that the command line, the window and `--apply` can do the same with all of them."""

import re
import subprocess

import msgspec
import pytest

from ollama_panel.core.export import Export, render, targets
from ollama_panel.core.export.deployment import Aspect, ExportFile, Group, Syntax, Target
from ollama_panel.core.export.parts import hash_of
from ollama_panel.core.notices.render import render as english
from ollama_panel.core.settings.tree_ollama import OllamaSettings
from ollama_panel.core.text import printable
from tests.core.export.samples import exported, instances, nasty, pools

TARGETS = targets()
OF_WINDOWS = {"windows"}
"""Targets whose commands are for PowerShell, and whose paths are those of Windows."""
SCRIPTS = {Syntax.SHELL, Syntax.FISH, Syntax.POWERSHELL}

every_target = pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.id)


def files(target: Target) -> tuple[ExportFile, ...]:
    return exported(target.id, pools()).files


def made(target: Target, **more: object) -> Export:
    settings = pools()
    return render(target.id, settings, instances(settings), version="1", date="2026-11-23", **more)  # type: ignore[arg-type]


@every_target
def test_a_target_has_an_id_to_type_and_words_that_fit_into_a_list(target: Target) -> None:
    assert re.fullmatch(r"[a-z][a-z-]*", target.id)
    assert len(english(target.title)) <= 30
    assert english(target.summary).endswith(".")
    assert len(english(target.summary)) <= 160
    assert target.carries, "it says what of the settings it carries"


def test_targets_are_listed_by_group_and_none_has_the_title_of_another() -> None:
    groups = [target.group for target in TARGETS]
    assert groups == sorted(groups, key=list(Group).index)
    titles = [english(target.title) for target in TARGETS]
    assert len(set(titles)) == len(titles)


@every_target
def test_files_have_names_of_their_own_below_where_they_are_saved(target: Target) -> None:
    names = [file.name for file in files(target)]
    assert names
    assert len(set(names)) == len(names)
    for name in names:
        assert re.fullmatch(r"[\w@.-]+(/[\w@.-]+)*", name, re.ASCII)
        assert ".." not in name.split("/")


@every_target
def test_a_place_is_whole_or_in_the_home_of_the_user_and_no_two_files_have_the_same(target: Target) -> None:
    places = [file.place for file in files(target) if file.place]
    assert len(set(places)) == len(places)
    for place in places:
        assert place.startswith(("/", "~/"))
        assert place == printable(place)
        assert not place.endswith("/")


@every_target
def test_a_file_is_text_with_whole_lines_and_a_program_says_what_runs_it(target: Target) -> None:
    for file in files(target):
        assert file.text.endswith("\n")
        assert "\r" not in file.text
        assert "\0" not in file.text
        if file.executable:
            assert file.text.startswith("#!")


@every_target
def test_every_file_says_of_which_settings_it_is(target: Target) -> None:
    for file in files(target):
        assert "Made by Ollama Panel 1.2.3 on 2026-11-23" in file.text, file.name
        assert hash_of(pools()) in file.text, file.name


@every_target
def test_the_hardware_of_the_settings_is_in_the_header(target: Target) -> None:
    assert "RTX 4090 24 GiB, driver 570.86" in made(target, hardware=("RTX 4090 24 GiB", "driver 570.86")).text


@every_target
def test_steps_are_sentences_and_their_commands_are_accepted_by_a_shell(target: Target) -> None:
    steps = exported(target.id, pools()).steps
    assert steps
    for step in steps:
        assert english(step.told).endswith((".", ":")), english(step.told)
        if step.command and target.id not in OF_WINDOWS:
            checked = subprocess.run(["sh", "-n", "-c", step.command], capture_output=True, text=True, check=False)
            assert (checked.returncode, checked.stderr) == (0, ""), step.command


@every_target
def test_the_words_of_a_language_stay_in_their_line(target: Target) -> None:
    """Scripts print texts of several lines, in quotes; everywhere else they are comments, or on one line."""
    ours = exported(target.id, pools()).files
    theirs = exported(target.id, pools(), words=nasty).files
    assert [file.name for file in ours] == [file.name for file in theirs]
    for file, other in zip(ours, theirs, strict=True):
        if file.syntax not in SCRIPTS:
            assert file.text.count("\n") == other.text.count("\n"), file.name


@every_target
def test_a_secret_is_in_no_file_and_is_named(target: Target) -> None:
    settings = pools({"HF_TOKEN": "hf_0123456789abcdef"})
    export = render(target.id, settings, instances(settings), version="1", date="2026-11-23")
    assert "hf_0123456789abcdef" not in export.text
    if Aspect.VARIABLES in target.carries:
        assert "HF_TOKEN" in english(export.instructions)


@every_target
def test_the_folder_of_the_models_is_carried_by_those_who_say_so(target: Target) -> None:
    folder = r"D:\models" if target.id in OF_WINDOWS else "/data/models"
    settings = msgspec.structs.replace(pools(), ollama=OllamaSettings(models_dir=folder))
    if Aspect.STORE in target.carries:
        assert folder in exported(target.id, settings).text


@every_target
def test_workers_are_carried_by_those_who_say_so(target: Target) -> None:
    export = exported(target.id, pools())
    urls = [instance.url for instance in instances(pools())]
    assert len(export.workers) == (len(urls) if Aspect.WORKERS in target.carries else 1)
    if Aspect.WORKERS in target.carries:
        assert exported(target.id, pools(workers=5)).text != export.text


@every_target
def test_what_is_exported_is_named_with_it(target: Target) -> None:
    assert exported(target.id, pools()).target == target.id
