"""What a fix does: the change of a file whose secrets nobody has read, the export, the actions."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.applying.host import HostFacts
from ollama_panel.core.applying.shown import without_secrets
from ollama_panel.core.doctor import mending
from ollama_panel.core.findings import Area, ChangeSettings, EditFiles, Evidence, Finding, Report
from ollama_panel.core.notices import ChangePools, notice
from ollama_panel.core.settings.tree import Settings

WRONG = "# of mine\nHF_TOKEN=hf_abcdefgh\nexport OLLAMA_NUM_PARALLEL=4\n"
RIGHT = "# of mine\nHF_TOKEN=hf_abcdefgh\nOLLAMA_NUM_PARALLEL=4\n"


def test_a_secret_that_nobody_has_read_stays_in_the_file() -> None:
    read, wanted = without_secrets(WRONG), without_secrets(RIGHT)
    assert "hf_" not in read + wanted
    assert mending.rebased(read, wanted, WRONG) == RIGHT
    assert mending.rebased(read, wanted, RIGHT) == RIGHT, "what is done is done"


def test_a_line_with_a_secret_is_mended_around_it() -> None:
    assert mending.rebased("export A_KEY=(hidden)\n", "A_KEY=(hidden)\n", "export A_KEY=geheim\n") == "A_KEY=geheim\n"


@pytest.mark.parametrize(
    ("read", "wanted", "now"),
    [
        ("a=1\n", "a=2\n", "a=3\n"),
        ("a=1\n", "a=2\n", "a=1\nb=1\n"),
        ("A_KEY=(hidden)\n", "B=1\nA_KEY=(hidden)\nC=(hidden)\n", "A_KEY=geheim\n"),
        ("A=1\n", "A_KEY=(hidden)\n", "A=1"),
    ],
)
def test_a_file_that_is_another_one_now_is_left_alone(read: str, wanted: str, now: str) -> None:
    assert mending.rebased(read, wanted, now) is None


_LINES = st.lists(st.sampled_from(["", "# x", "A=1", "HF_TOKEN=hf_abcdefgh", "  B=2", "API_KEY=geheim-1"]), max_size=6)


@given(_LINES, _LINES, _LINES)
def test_any_change_of_other_lines_is_made_whatever_is_hidden(
    head: Sequence[str], tail: Sequence[str], new: Sequence[str]
) -> None:
    whole = "\n".join([*head, "OLD=1", *tail, "end"])
    after = "\n".join([*head, "NEW=1", *tail, "end"])
    assert mending.rebased(without_secrets(whole), without_secrets(after), whole) == after
    other = "\n".join([*new, "x"])
    assert mending.rebased(without_secrets(whole), without_secrets(after), other) in (None, other)


def test_edited_files_are_an_export_that_its_manager_proves() -> None:
    edit = EditFiles((("/etc/default/ollama", WRONG, RIGHT),), "systemd", "ollama.service", wanted={"A": "1"})
    export = mending.export_of(edit, (RIGHT,))
    assert [(one.place, one.text) for one in export.files] == [("/etc/default/ollama", RIGHT)]
    assert (export.edits, export.site.service.unit, export.workers[0].environment) == (
        True,
        "ollama.service",
        {"A": "1"},
    )


def test_who_is_root_needs_no_sudo() -> None:
    commands = ("sudo systemctl restart ollama", "ollama list")
    user = mending.actions_of(commands, HostFacts(uid=1000, root=False))
    assert [(one.commands, one.root) for one in user] == [((commands[0],), True), ((commands[1],), False)]
    root = mending.actions_of(commands, HostFacts())
    assert [(one.commands, one.root) for one in root] == [
        (("systemctl restart ollama",), False),
        ((commands[1],), False),
    ]


def test_settings_are_changed_by_an_offer_and_by_keys() -> None:
    before = Settings()
    name = before.pools[0].name
    fix = ChangeSettings(ChangePools((name,), parallel=3), (("proxy.port", "12345"),))
    after = mending.changed(before, fix)
    assert (after.pools[0].parallel, after.proxy.port) == (3, 12345)


def test_a_report_that_is_shown_has_no_secrets() -> None:
    fix = EditFiles((("/etc/default/ollama", WRONG, RIGHT),))
    evidence = (Evidence("HF_TOKEN=hf_abcdefgh", "/etc/default/ollama", 2),)
    finding = Finding("a", "a", Area.SETTINGS, notice("doctor.not_looked"), evidence=evidence, fix=fix)
    assert "hf_abcdefgh" not in str(mending.discreet(Report(0.0, findings=(finding,))))


def test_a_plan_is_named_by_all_that_it_does() -> None:
    one, other = (ChangeSettings(settings=(("proxy.port", port),)) for port in ("1", "2"))
    assert mending.id_of("a", one) == mending.id_of("a", one) != mending.id_of("a", other)
