"""The progress of a pull, on a terminal and in a file."""

from ollama_panel.cli.progress import OnTerminal, Plain, Step

MIB = 1024 * 1024


def layer(completed: int) -> Step:
    return Step("pulling 6a0746a1ec1a", "sha256:6a07", 100 * MIB, completed * MIB)


def test_a_terminal_has_one_line_for_each_status_with_the_speed_of_this_run() -> None:
    progress = OnTerminal(columns=80)
    told = [
        progress.text(step, now)
        for now, step in [
            (0.0, Step("pulling manifest")),
            (1.0, layer(40)),
            (3.0, layer(60)),
            (5.0, layer(100)),
            (5.0, Step("writing manifest")),
        ]
    ]
    assert told == [
        "pulling manifest",
        "\npulling 6a0746a1ec1a: 40 %, 40 MiB of 100 MiB",
        "\r\x1b[Kpulling 6a0746a1ec1a: 60 %, 60 MiB of 100 MiB, 10 MiB/s",
        "\r\x1b[Kpulling 6a0746a1ec1a: 100 %, 100 MiB of 100 MiB, 15 MiB/s",
        "\nwriting manifest",
    ]


def test_no_line_is_wider_than_the_terminal() -> None:
    text = OnTerminal(columns=20).text(layer(40), 0.0)
    assert text == "pulling 6a0746a1ec1"


def test_a_file_gets_each_status_once_and_every_tenth_of_a_layer() -> None:
    progress = Plain()
    steps = [
        Step("pulling manifest"),
        Step("pulling manifest"),
        *map(layer, range(0, 101, 5)),
        Step("writing manifest"),
    ]
    told = [line for step in steps for line in progress.lines(step)]
    assert told[:4] == [
        "pulling manifest",
        "pulling 6a0746a1ec1a",
        "pulling 6a0746a1ec1a: 10 %, 10 MiB of 100 MiB",
        "pulling 6a0746a1ec1a: 20 %, 20 MiB of 100 MiB",
    ]
    assert told[-2:] == ["pulling 6a0746a1ec1a: 100 %, 100 MiB of 100 MiB", "writing manifest"]
    assert len(told) == 13


def test_more_than_all_is_all() -> None:
    assert list(Plain().lines(layer(101)))[-1].startswith("pulling 6a0746a1ec1a: 100 %")
