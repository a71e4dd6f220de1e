"""What the command of a unit gets, by the order and the patterns of systemd.exec(5) and glob(7)."""

import pytest

from ollama_panel.core.sources import codes
from ollama_panel.core.sources.machine.unit_environment import MANAGER, FileNamed, of_manager
from ollama_panel.core.sources.record import Fate, Reading, SourceKind, TextFile
from tests.core.sources.machine.readings import codes_of, fates, mended, mistakes, reading

UNIT = "/etc/systemd/system/ollama.service"
START = "[Service]\nExecStart=/usr/local/bin/ollama serve\n"


def _unit(text: str, *others: tuple[str, str], path: str = UNIT) -> Reading:
    return reading(SourceKind.SYSTEMD, path, START + text, *others)


def test_files_of_a_pattern_are_read_in_the_order_of_their_bytes_and_hidden_ones_are_not() -> None:
    found = _unit(
        "EnvironmentFile=/etc/ollama/*.env\n",
        ("/etc/ollama/b.env", "OLLAMA_DEBUG=b\n"),
        ("/etc/ollama/B.env", "OLLAMA_DEBUG=B\n"),
        ("/etc/ollama/.z.env", "OLLAMA_DEBUG=hidden\n"),
        ("/etc/ollama/more/c.env", "OLLAMA_DEBUG=below\n"),
    )
    assert found.variables == {"OLLAMA_DEBUG": "b"}
    assert ("OLLAMA_DEBUG", "B", Fate.OVERRULED) in fates(found)


@pytest.mark.parametrize(
    ("pattern", "paths", "meant"),
    [
        ("/e/[a-b]?.env", ("/e/a1.env", "/e/c1.env", "/e/a.env"), ["/e/a1.env"]),
        ("/e/[!a]*", ("/e/a", "/e/b", "/e/.b"), ["/e/b"]),
        ("/e/[^a]*", ("/e/a", "/e/b/c", "/e/bc"), ["/e/bc"]),
        ("/e/[]x]", ("/e/]", "/e/x", "/e/y"), ["/e/]", "/e/x"]),
        ("/e/\\*", ("/e/*", "/e/a"), ["/e/*"]),
        ("/e/[*", ("/e/[*", "/e/[a"), ["/e/[*", "/e/[a"]),
        ("/*/o.env", ("/a/o.env", "/a/b/o.env"), ["/a/o.env"]),
        ("/e/%H/o.env", ("/e/box/o.env", "/e/o.env"), ["/e/box/o.env"]),
        ("/e/a.env", ("/e/axenv", "/e/a.env"), ["/e/a.env"]),
    ],
)
def test_which_files_a_pattern_stands_for(pattern: str, paths: tuple[str, ...], meant: list[str]) -> None:
    assert FileNamed(pattern, False, TextFile(UNIT), 1).among(paths) == meant


def test_an_instance_of_a_template_reads_its_own_file() -> None:
    path = "/etc/systemd/system/ollama@1.service"
    found = _unit("EnvironmentFile=/etc/ollama/%i.env\n", ("/etc/ollama/1.env", "OLLAMA_HOST=:11435\n"), path=path)
    assert found.variables == {"OLLAMA_HOST": ":11435"}


def test_a_needed_pattern_without_a_file_stops_the_service_and_an_optional_one_does_not() -> None:
    assert codes_of(_unit("EnvironmentFile=/etc/ollama/*.env\n")) == {codes.UNREADABLE_FILE}
    assert codes_of(_unit("EnvironmentFile=-/etc/ollama/*.env\n")) == set()


def test_a_file_that_an_empty_line_takes_back_is_not_missed() -> None:
    assert codes_of(_unit("EnvironmentFile=/etc/gone\nEnvironmentFile=\n")) == set()


def test_a_path_with_an_unknown_specifier_is_not_missed() -> None:
    assert codes_of(_unit("EnvironmentFile=/etc/%H.env\n")) == set()


@pytest.mark.parametrize("written", ['"/etc/default/ollama"', "-'/etc/default/ollama'"])
def test_a_path_in_quotes_is_ignored_by_systemd_and_can_be_mended(written: str) -> None:
    found = _unit(f"EnvironmentFile={written}\n")
    assert mistakes(found) == [(codes.UNREADABLE_FILE, "", 3)]
    bare = written.replace('"', "").replace("'", "")
    assert mended(found, codes.UNREADABLE_FILE) == f"{START}EnvironmentFile={bare}\n"


def test_a_relative_path_is_ignored_by_systemd() -> None:
    (found,) = _unit("EnvironmentFile=ollama.env\n").mistakes
    assert (found.code, found.mended) == (codes.UNREADABLE_FILE, None)


def test_what_the_manager_has_is_passed_on_and_all_else_overrules_it() -> None:
    found = _unit(
        "PassEnvironment=OLLAMA_HOST OLLAMA_DEBUG\nEnvironment=OLLAMA_DEBUG=2\n",
        (MANAGER, "HOME=/\0OLLAMA_HOST=a=b\0OLLAMA_DEBUG=1"),
    )
    assert found.variables == {"OLLAMA_HOST": "a=b", "OLLAMA_DEBUG": "2"}
    assert codes_of(found) == set()


def test_an_empty_environment_takes_back_nothing_that_is_passed_on() -> None:
    found = _unit(
        "PassEnvironment=OLLAMA_HOST\nEnvironment=OLLAMA_HOST=x\nEnvironment=\n", (MANAGER, "OLLAMA_HOST=1.2.3.4")
    )
    assert found.variables == {"OLLAMA_HOST": "1.2.3.4"}


def test_an_empty_line_takes_back_what_is_passed_on() -> None:
    found = _unit("PassEnvironment=OLLAMA_HOST\nPassEnvironment=\n", (MANAGER, "OLLAMA_HOST=a"))
    assert (found.variables, codes_of(found)) == ({}, set())


def test_what_the_manager_does_not_have_is_passed_on_in_vain() -> None:
    found = _unit("PassEnvironment=OLLAMA_HOST HTTP_PROXY\n", (MANAGER, "HOME=/"))
    assert mistakes(found) == [(codes.NOT_PASSED_ON, "OLLAMA_HOST", 3)]
    assert found.variables == {}


def test_what_is_passed_on_in_vain_and_set_besides_is_no_mistake() -> None:
    found = _unit("PassEnvironment=OLLAMA_HOST\nEnvironmentFile=/etc/o\n", (MANAGER, ""), ("/etc/o", "OLLAMA_HOST=a\n"))
    assert (found.variables, codes_of(found)) == ({"OLLAMA_HOST": "a"}, set())


def test_what_the_manager_has_is_unknown_where_it_cannot_be_seen() -> None:
    found = _unit("PassEnvironment=OLLAMA_HOST\n")
    assert (fates(found), codes_of(found)) == ([("OLLAMA_HOST", "", Fate.IGNORED)], set())


def test_a_users_manager_passes_on_all_that_it_has_whatever_is_written() -> None:
    path = "/home/ada/.config/systemd/user/ollama.service"
    found = _unit("PassEnvironment=OLLAMA_HOST\n", (MANAGER, "OLLAMA_HOST=a"), path=path)
    assert (fates(found), codes_of(found)) == ([], set())


def test_of_the_managers_variables_only_those_that_are_passed_on_are_kept() -> None:
    assert of_manager("TOKEN=secret\0OLLAMA_HOST=a\0OLLAMA_HOSTS=b\0", ("OLLAMA_HOST",)) == "OLLAMA_HOST=a"


def test_an_empty_unset_environment_takes_back_those_before() -> None:
    found = _unit("Environment=OLLAMA_A=1\nUnsetEnvironment=OLLAMA_A\nUnsetEnvironment=\n")
    assert found.variables == {"OLLAMA_A": "1"}


def test_of_a_template_nobody_knows_the_instance() -> None:
    path = "/etc/systemd/system/ollama@.service"
    text = "Environment=CUDA_VISIBLE_DEVICES=%i OLLAMA_DEBUG=1 OLLAMA_MODELS=/srv/100%%\nEnvironmentFile=/etc/%i.env\n"
    found = _unit(text, path=path)
    assert found.variables == {"OLLAMA_DEBUG": "1", "OLLAMA_MODELS": "/srv/100%"}
    assert ("CUDA_VISIBLE_DEVICES", "%i", Fate.IGNORED) in fates(found)
    assert codes_of(found) == set()


@pytest.mark.parametrize("written", ["“OLLAMA_DEBUG=1”", "„OLLAMA_DEBUG=1“", "\u2018OLLAMA_DEBUG=1\u2019"])
def test_quotes_of_text_programs_are_none_for_systemd(written: str) -> None:
    found = _unit(f"Environment={written}\n")
    assert (found.variables, mistakes(found)) == ({}, [(codes.BAD_SYNTAX, "OLLAMA_DEBUG", 3)])
    assert mended(found, codes.BAD_SYNTAX) == f'{START}Environment="OLLAMA_DEBUG=1"\n'
