from ollama_panel.core.sources.machine.starting import started
from ollama_panel.core.sources.record import TextFile


def test_a_command_line_is_followed_through_shells_and_scripts() -> None:
    script = TextFile("/opt/run.sh", "#!/bin/sh\nexport A=1\nB=2 exec env C=3 ollama serve\n")
    command = started(["/opt/run.sh"], {script.path: script}).command
    assert (command.serves, dict(command.sets)) == (True, {"A": "1", "B": "2", "C": "3"})


def test_the_words_behind_a_script_are_its_parameters() -> None:
    command = started(["/bin/sh", "-c", 'exec "$@" >>"$HOME/log"', "name", "ollama", "serve"]).command
    assert command.words == ("ollama", "serve")


def test_wrappers_in_front_of_a_shell_count_for_what_it_starts() -> None:
    command = started(["env", "A=1", "sh", "-c", "sudo ollama serve"]).command
    assert (command.serves, command.sets, command.reaches("X")) == (True, (), False)


def test_a_script_that_starts_nothing_has_its_steps() -> None:
    found = started(["sh", "-c", "launchctl setenv A 1"])
    assert (found.command.serves, [step.name for step in found.steps]) == (False, ["A"])
