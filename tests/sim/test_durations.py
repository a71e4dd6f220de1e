"""The texts are those that Go 1.24 gave."""

import pytest

from ollama_panel.core.ollama.durations import LONGEST_S, parse
from ollama_panel.sim.durations import show


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (1e-9, "1ns"),
        (9e-5, "90µs"),
        (0.000999999, "999.999µs"),
        (0.0011, "1.1ms"),
        (0.112967, "112.967ms"),
        (0.999999999, "999.999999ms"),
        (1, "1s"),
        (36.45, "36.45s"),
        (59.999999999, "59.999999999s"),
        (60, "1m0s"),
        (300, "5m0s"),
        (3600, "1h0m0s"),
        (3661.000000001, "1h1m1.000000001s"),
        (-1e-9, "-1ns"),
        (-90, "-1m30s"),
        (-1e-12, "0s"),
        (LONGEST_S, "2562047h47m16.854775807s"),
        (float("inf"), "2562047h47m16.854775807s"),
        (1e300, "2562047h47m16.854775807s"),
    ],
)
def test_seconds_are_printed_as_go_prints_them(seconds, text):
    assert show(seconds) == text


@pytest.mark.parametrize("seconds", [0.001, 0.25, 1, 12.5, 61, 299.999, 3600, 86_400, 10**7])
def test_what_is_printed_is_read_again(seconds):
    assert parse(show(seconds)) == seconds
