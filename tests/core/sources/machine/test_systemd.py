import pytest

from ollama_panel.core.sources import codes
from ollama_panel.core.sources.record import Fate, Reading, SourceKind
from tests.core.sources.machine.readings import codes_of, fates, mended, mistakes, reading

DROP_IN = "/etc/systemd/system/ollama.service.d/override.conf"
UNIT = "/etc/systemd/system/ollama.service"
START = "[Service]\nExecStart=/usr/local/bin/ollama serve\n"


def _drop_in(text: str, *others: tuple[str, str], path: str = DROP_IN) -> Reading:
    return reading(SourceKind.SYSTEMD, path, text, *others)


def test_the_last_assignment_wins_over_all_files() -> None:
    found = _drop_in(
        f"{START}Environment=OLLAMA_HOST=a OLLAMA_DEBUG=1\n",
        (DROP_IN, "[Service]\nEnvironment=OLLAMA_HOST=b\n"),
        path=UNIT,
    )
    assert found.variables == {"OLLAMA_DEBUG": "1", "OLLAMA_HOST": "b"}
    assert ("OLLAMA_HOST", "a", Fate.OVERRULED) in fates(found)
    assert found.servers[0].command == ("/usr/local/bin/ollama", "serve")


def test_an_empty_environment_takes_back_all_before_it() -> None:
    found = _drop_in("[Service]\nEnvironment=OLLAMA_A=1 OLLAMA_B=2\nEnvironment=\nEnvironment=OLLAMA_B=3\n")
    assert found.variables == {"OLLAMA_B": "3"}


def test_environment_files_win_over_environment_wherever_it_stands() -> None:
    found = _drop_in(
        "[Service]\nEnvironmentFile=/etc/default/ollama\nEnvironment=OLLAMA_DEBUG=0\n",
        ("/etc/default/ollama", "OLLAMA_DEBUG=1\n"),
    )
    assert found.variables == {"OLLAMA_DEBUG": "1"}


def test_an_environment_file_may_be_named_by_a_pattern_or_be_a_conf_file() -> None:
    found = _drop_in(
        "[Service]\nEnvironmentFile=/etc/ollama/*.env\nEnvironmentFile=-/etc/ollama.conf\n",
        ("/etc/ollama/a.env", "OLLAMA_DEBUG=1\n"),
        ("/etc/ollama.conf", "OLLAMA_HOST=x\n"),
    )
    assert found.variables == {"OLLAMA_DEBUG": "1", "OLLAMA_HOST": "x"}


def test_an_empty_environment_file_takes_back_those_before() -> None:
    found = _drop_in("[Service]\nEnvironmentFile=/etc/a\nEnvironmentFile=\n", ("/etc/a", "OLLAMA_DEBUG=1\n"))
    assert found.variables == {}


def test_a_needed_environment_file_that_was_not_read_is_told_and_an_optional_one_is_not() -> None:
    assert codes_of(_drop_in("[Service]\nEnvironmentFile=/etc/a\n")) == {codes.UNREADABLE_FILE}
    assert codes_of(_drop_in("[Service]\nEnvironmentFile=-/etc/a\n")) == set()


def test_unset_environment_wins_over_everything() -> None:
    found = _drop_in("[Service]\nEnvironment=OLLAMA_A=1 OLLAMA_B=2 OLLAMA_C=3\nUnsetEnvironment=OLLAMA_A OLLAMA_B=9\n")
    assert found.variables == {"OLLAMA_B": "2", "OLLAMA_C": "3"}


@pytest.mark.parametrize(
    ("path", "written", "value"),
    [
        ("/etc/systemd/system/ollama@1.service", "127.0.0.1:1143%i", "127.0.0.1:11431"),
        ("/etc/systemd/system/ollama.service", "%h", "/root"),
        ("/home/ana/.config/systemd/user/ollama.service", "%h/models", "/home/ana/models"),
        ("/etc/systemd/system/ollama.service", "100%%", "100%"),
        ("/etc/systemd/system/ollama.service", "%n", "ollama.service"),
        ("/usr/lib/systemd/user/ollama.service", "%h/x", "%h/x"),
    ],
)
def test_specifiers_are_filled_in(path: str, written: str, value: str) -> None:
    found = _drop_in(f"{START}Environment=X_A={written}\n", path=path)
    assert found.variables == {"X_A": value}


@pytest.mark.parametrize(
    ("command", "variables"),
    [
        ("/usr/bin/env OLLAMA_B=2 ollama serve", {"OLLAMA_A": "1", "OLLAMA_B": "2"}),
        ("/usr/bin/env OLLAMA_A=2 /usr/bin/ollama serve", {"OLLAMA_A": "2"}),
        ("/bin/sh -c 'OLLAMA_B=2 exec ollama serve'", {"OLLAMA_A": "1", "OLLAMA_B": "2"}),
        ('/bin/bash -lc "export OLLAMA_B=2; ollama serve"', {"OLLAMA_A": "1", "OLLAMA_B": "2"}),
        ("/usr/bin/numactl --cpunodebind=0 ollama serve", {"OLLAMA_A": "1"}),
        ("-/usr/local/bin/ollama serve", {"OLLAMA_A": "1"}),
        ("/usr/bin/env -i OLLAMA_B=2 ollama serve", {"OLLAMA_B": "2"}),
        ("/usr/bin/sudo -u ollama ollama serve", {}),
        ("/usr/bin/sudo -E ollama serve", {"OLLAMA_A": "1"}),
        ("/usr/bin/su - ollama -c 'ollama serve'", {}),
        ("/usr/bin/docker run --rm -e OLLAMA_A ollama/ollama", {"OLLAMA_A": "1"}),
        ("/usr/bin/docker run --rm -p 11434:11434 -e OLLAMA_B=2 ollama/ollama:0.12.0", {"OLLAMA_B": "2"}),
    ],
)
def test_the_command_decides_what_reaches_the_server(command: str, variables: dict[str, str]) -> None:
    found = _drop_in(f"[Service]\nExecStart={command}\nEnvironment=OLLAMA_A=1\n", path=UNIT)
    assert found.variables == variables
    held = variables.get("OLLAMA_A") is None
    assert (codes.WRAPPER_WITHOUT_VARIABLE in codes_of(found)) is held


def test_a_script_that_is_among_the_files_is_followed() -> None:
    found = _drop_in(
        "[Service]\nExecStart=/opt/start-ollama.sh\nEnvironment=OLLAMA_A=1\n",
        ("/opt/start-ollama.sh", "#!/bin/sh\nexport OLLAMA_B=2\nexec ollama serve\n"),
        path=UNIT,
    )
    assert found.variables == {"OLLAMA_A": "1", "OLLAMA_B": "2"}


def test_a_later_exec_start_takes_the_place_of_the_first() -> None:
    found = _drop_in(
        f"{START}", (DROP_IN, "[Service]\nExecStart=\nExecStart=/usr/bin/env OLLAMA_A=1 ollama serve\n"), path=UNIT
    )
    assert found.variables == {"OLLAMA_A": "1"}


@pytest.mark.parametrize(
    ("unit", "name"), [("ollama", ""), ("ollama-gpu1", "ollama-gpu1"), ("ollama@0", "ollama@0"), ("llm", "llm")]
)
def test_a_server_has_the_name_of_its_unit(unit: str, name: str) -> None:
    (server,) = _drop_in(START, path=f"/etc/systemd/system/{unit}.service").servers
    assert server.name == name


def test_a_unit_of_another_program_that_only_names_the_server_is_no_mistake() -> None:
    text = "[Service]\nExecStart=/opt/bot\nEnvironment=OLLAMA_HOST=http://localhost:11434 OLLAMA_MODEL=x\n"
    found = _drop_in(text, path="/etc/systemd/system/bot.service")
    assert (found.servers, codes_of(found)) == ((), set())
    assert {fate for _, _, fate in fates(found)} == {Fate.CLIENT}


def test_what_systemctl_cat_prints_is_read_as_the_files_that_it_is_of() -> None:
    printed = f"# {UNIT}\n{START}Environment=OLLAMA_DEBUG=0\n\n# {DROP_IN}\n[Service]\nEnvironment=OLLAMA_DEBUG=1\n"
    found = _drop_in(printed, path="-")
    assert found.variables == {"OLLAMA_DEBUG": "1"}
    assert (found.servers[0].name, found.servers[0].assignments[1].place.path) == ("", DROP_IN)
    assert found.servers[0].assignments[1].place.line == 2


def test_mistakes_come_in_the_order_of_the_lines_with_their_mended_text() -> None:
    found = _drop_in('[Service]\nEnvironment=OLLAMA_NUM_PARALLEL = 4\n[Install]\nEnvironment="OLLAMA_DEBUG=1"\n')
    assert mistakes(found) == [
        (codes.BLANK_AROUND_EQUALS, "OLLAMA_NUM_PARALLEL", 2),
        (codes.WRONG_SECTION, "OLLAMA_DEBUG", 4),
    ]
    assert mended(found, codes.BLANK_AROUND_EQUALS).splitlines()[1] == "Environment=OLLAMA_NUM_PARALLEL=4"
    assert mended(found, codes.WRONG_SECTION).splitlines() == [
        "[Service]",
        "Environment=OLLAMA_NUM_PARALLEL = 4",
        'Environment="OLLAMA_DEBUG=1"',
        "[Install]",
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/etc/systemd/system/ollama.d/override.conf",
        "/etc/systemd/system/ollama.service.d/override",
        "/etc/systemd/system/ollama.service.d/override.conf.txt",
    ],
)
def test_a_drop_in_that_systemd_does_not_read_sets_nothing(path: str) -> None:
    found = _drop_in("[Service]\nEnvironment=OLLAMA_DEBUG=1\n", path=path)
    assert (found.variables, codes_of(found)) == ({}, {codes.WRONG_PLACE})


def test_a_drop_in_that_lies_elsewhere_is_read_as_one() -> None:
    text = 'Environment="OLLAMA_NUM_PARALLEL=4"\n[Service]\nEnvironment="OLLAMA_DEBUG=1"\n'
    found = _drop_in(text, path="/home/ann/override.conf")
    assert (found.variables, codes_of(found)) == ({"OLLAMA_DEBUG": "1"}, {codes.OUTSIDE_SECTION})
