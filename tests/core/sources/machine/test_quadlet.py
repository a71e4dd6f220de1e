from ollama_panel.core.sources import codes
from ollama_panel.core.sources.record import Reading, SourceKind
from tests.core.sources.machine.readings import codes_of, mended, mistakes, reading

PATH = "~/.config/containers/systemd/llm.container"
HEAD = "[Container]\nImage=docker.io/ollama/ollama:latest\n"


def _quadlet(text: str, *others: tuple[str, str]) -> Reading:
    return reading(SourceKind.QUADLET, PATH, text, *others)


def test_the_container_is_told_with_all_that_is_known_of_it() -> None:
    found = _quadlet(
        HEAD
        + "PublishPort=127.0.0.1:11436:11434\nVolume=ollama:/data\nAddDevice=nvidia.com/gpu=all\nMemory=8g\n"
        + 'Environment=OLLAMA_DEBUG=1 "X_A=a b"\n'
    )
    (server,) = found.servers
    assert server.variables == {"OLLAMA_DEBUG": "1", "X_A": "a b"}
    assert (server.name, server.image) == ("llm", "docker.io/ollama/ollama:latest")
    assert (server.ports, server.gpu, server.memory_limit) == (("127.0.0.1:11436",), True, 8 * 1024**3)
    assert server.folders == {"/data": "ollama"}
    assert not found.mistakes


def test_a_dollar_goes_through_the_command_line_of_systemd() -> None:
    found = _quadlet(HEAD + "Environment=X_A=$$HOME X_B=$HOME X_C=a${HOME}b\n")
    assert found.variables == {"X_A": "$HOME", "X_B": "$HOME", "X_C": "ab"}


def test_environment_wins_over_files_which_podman_takes_literally() -> None:
    found = _quadlet(
        f"{HEAD}EnvironmentFile=./a.env\nEnvironment=OLLAMA_DEBUG=0\n", ("/x/a.env", "OLLAMA_DEBUG=1\nX_A='q'\n")
    )
    assert found.variables == {"OLLAMA_DEBUG": "0", "X_A": "'q'"}


def test_variables_of_the_service_are_podmans_own() -> None:
    found = _quadlet(f"{HEAD}[Service]\nRestart=always\nEnvironment=OLLAMA_DEBUG=1\n")
    assert (found.variables, mistakes(found)) == ({}, [(codes.WRONG_SECTION, "OLLAMA_DEBUG", 5)])
    assert _quadlet(mended(found, codes.WRONG_SECTION)).variables == {"OLLAMA_DEBUG": "1"}


def test_a_container_of_another_program_is_no_server() -> None:
    text = "[Container]\nImage=ghcr.io/open-webui/open-webui\nEnvironment=OLLAMA_BASE_URL=x\n"
    assert (_quadlet(text).servers, codes_of(_quadlet(text))) == ((), set())
