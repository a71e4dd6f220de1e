from ollama_panel.core.applying.evidence import evidence_of
from ollama_panel.core.applying.managers.compose import Compose
from tests.core.applying.samples import export_of
from tests.fakes.stub_programs import run_with

PATH = "/home/ann/my ollama/compose.yaml"
DOCKER = """\
case "$*" in
*" ps "*) echo 0123 ;;
*State.Status*) echo running ;;
*RestartCount*) echo 1 ;;
*Config.Env*) echo OLLAMA_NUM_PARALLEL=4 ;;
logs*) echo 'level=INFO msg="server config" env="map[OLLAMA_NUM_PARALLEL:4]"' ;;
esac
"""


def test_each_worker_is_a_service_of_the_one_file() -> None:
    first, second = Compose().units(export_of("compose"), [(PATH, "")])
    assert (first.name, second.name, second.paths) == ("chat-1", "chat-2", (PATH,))


def test_the_commands_name_the_file() -> None:
    one = Compose().units(export_of("compose"), [(PATH, "")])[0]
    assert Compose().check([(PATH, "")]) == (f"docker compose --file '{PATH}' config --quiet",)
    assert Compose().restart(one, new=True) == (f"docker compose --file '{PATH}' up --detach --no-deps chat-1",)
    assert Compose().stop(one, new=True) == (f"docker compose --file '{PATH}' rm --stop --force chat-1",)


def test_what_docker_tells_of_a_container() -> None:
    one = Compose().units(export_of("compose"), [(PATH, "")])[0]
    found = evidence_of(run_with({"docker": DOCKER}, Compose().look(one)))
    assert (found.state, found.restarts, found.environment) == ("active", 1, {"OLLAMA_NUM_PARALLEL": "4"})
    assert found.logged == {"OLLAMA_NUM_PARALLEL": "4"}
    assert evidence_of(run_with({"docker": "exit 1"}, Compose().look(one))).state == "gone"
