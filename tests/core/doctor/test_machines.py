"""The doctor finds every fault that was planted in the machines of `machines/`, and nothing else on any of them."""

from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.doctor import examine
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.findings import EditFiles, Report
from ollama_panel.core.notices.render import render
from tests.core.doctor.machine_files import files, load


def report_of(path: Path) -> Report:
    return examine(load(path).whole)


def told(report: Report) -> str:
    return "\n".join(f"{one.id}: {render(one.told)}" for one in report.findings)


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_what_was_planted_is_found_and_nothing_else(path: Path) -> None:
    report = report_of(path)
    assert sorted(one.id for one in report.findings) == sorted(load(path).expected), told(report)


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_each_finding_shows_what_it_was_seen_by(path: Path) -> None:
    assert [one.id for one in report_of(path).findings if not one.evidence] == []


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_a_mended_file_is_without_its_mistakes(path: Path) -> None:
    machine = load(path)
    for one in report_of(path).findings:
        if isinstance(one.fix, EditFiles) and one.check.startswith("sources.") and one.fix.files[0][1]:
            after = examine(machine.with_files(one.fix).whole)
            left = [found.id for found in after.findings if found.check.startswith("sources.")]
            assert one.id not in left, one.fix.files[0][2]
            assert set(left) < set(machine.expected)


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_the_facts_of_a_machine_come_back_from_a_file(path: Path) -> None:
    facts = load(path).whole
    assert msgspec.json.decode(msgspec.json.encode(facts), type=Facts) == facts


def test_a_tenth_of_the_machines_and_more_are_healthy() -> None:
    found = [load(path) for path in files()]
    assert sum(not one.expected for one in found) * 10 >= len(found)
