import pytest

from ollama_panel.core.sources.stacks.run_options import options_of


def test_options_are_read_as_docker_reads_them() -> None:
    typed = "-d --gpus=all -v a:/b -itp 1:2 -eA=1 -e B --env C=3 --name x -m=5g --rm --net=host img:1 -e D=4"
    found = options_of(typed.split())
    assert (found.image, found.arguments) == ("img:1", ("-e", "D=4"))
    assert found.all("env") == ("A=1", "B", "C=3")
    assert (found.last("publish"), found.last("memory"), found.last("network")) == ("1:2", "5g", "host")
    assert (found.last("volume"), found.last("name"), found.last("label")) == ("a:/b", "x", "")


@pytest.mark.parametrize(
    ("words", "gives"),
    [
        (["--gpus", "all", "x"], True),
        (["--runtime=nvidia", "x"], True),
        (["--device", "/dev/kfd", "--device", "/dev/dri", "x"], True),
        (["--device", "nvidia.com/gpu=all", "x"], True),
        (["--device", "/dev/ttyS0", "x"], False),
    ],
)
def test_whether_they_give_a_card(words: list[str], gives: bool) -> None:
    assert options_of(words).gives_card is gives


@pytest.mark.parametrize("words", [[], ["-e"], ["--"], ["--", "x"], ["-"], ["-d"]])
def test_half_a_command_is_no_error(words: list[str]) -> None:
    assert options_of(words).image in ("", "x", "-")
