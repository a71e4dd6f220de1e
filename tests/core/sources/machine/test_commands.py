import pytest

from ollama_panel.core.sources.machine.commands import Command, program, unwrapped


@pytest.mark.parametrize(
    "line",
    [
        "ollama serve",
        "/usr/local/bin/ollama serve",
        "C:\\Programs\\Ollama\\ollama.exe serve",
        "nohup nice -n 5 ollama serve",
        "env A=1 ollama serve",
        f"env {' '.join(f'A{number}=1' for number in range(40))} ollama serve",
        "sudo -u ollama -E ollama serve",
        "runuser -u ollama -- ollama serve",
        "docker run -d --gpus all -v ollama:/root/.ollama -p 11434:11434 --name ollama ollama/ollama",
    ],
)
def test_commands_that_start_a_server(line: str) -> None:
    assert unwrapped(line.split()).serves


@pytest.mark.parametrize(
    "line", ["ollama run llama3", "ollama", "echo ollama serve", "docker run alpine", "env", "", "sudo"]
)
def test_commands_that_do_not(line: str) -> None:
    assert not unwrapped(line.split()).serves


def test_a_container_gets_the_variables_that_are_named() -> None:
    inner = unwrapped(["docker", "run", "-d", "-e", "A", "-e", "B=2", "--env=C=3", "--env", "D", "ollama/ollama"])
    assert inner.sets == (("B", "2"), ("C", "3"))
    assert [name for name in "ABCDE" if inner.reaches(name)] == ["A", "D"]
    assert (inner.by, inner.image) == ("docker", "ollama/ollama")


def test_env_takes_away_by_name_and_altogether() -> None:
    inner = unwrapped(["env", "-u", "A", "B=1", "ollama", "serve"])
    assert [name for name in "AC" if inner.reaches(name)] == ["C"]
    clean = unwrapped(["env", "-i", "B=1", "ollama", "serve"])
    assert (clean.sets, clean.reaches("C"), clean.by) == ((("B", "1"),), False, "env -i")


def test_what_is_set_outside_of_sudo_is_held_back_by_it() -> None:
    assert unwrapped(["env", "A=1", "sudo", "B=2", "ollama", "serve"]).sets == (("B", "2"),)
    assert unwrapped(["env", "A=1", "sudo", "--preserve-env=A", "ollama", "serve"]).sets == (("A", "1"),)


def test_a_shell_gives_its_script_with_its_parameters() -> None:
    assert unwrapped(["bash", "-lc", 'exec "$@"', "x", "ollama"]) == Command(
        script='exec "$@"', parameters=("x", "ollama")
    )


def test_su_gives_its_script_as_a_user() -> None:
    inner = unwrapped(["su", "-", "ollama", "-c", "ollama serve"])
    assert (inner.script, inner.by, inner.reaches("A")) == ("ollama serve", "su -", False)


def test_a_program_is_named_without_its_folder_and_its_end() -> None:
    assert program("/usr/bin/Ollama.EXE") == "ollama"
