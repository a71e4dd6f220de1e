"""The nanoseconds are those that Go 1.24 gave."""

import pytest

from ollama_panel.core.ollama.durations import parse, parse_json, parse_setting


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("5m", 300_000_000_000),
        ("1h30m", 5_400_000_000_000),
        ("1h1h", 7_200_000_000_000),
        ("-1s", -1_000_000_000),
        ("+2s", 2_000_000_000),
        ("0", 0),
        ("-0", 0),
        ("+0", 0),
        ("1.5s", 1_500_000_000),
        (".5s", 500_000_000),
        ("1.s", 1_000_000_000),
        ("00005s", 5_000_000_000),
        ("3us", 3000),
        ("3\N{MICRO SIGN}s", 3000),
        ("3\N{GREEK SMALL LETTER MU}s", 3000),
        ("1h2m3s4ms5us6ns", 3_723_004_005_006),
        ("0.9999999999s", 999_999_999),
        ("1.0000000005s", 1_000_000_000),
        ("0.3333333333333333333h", 1_200_000_000_000),
        ("1.99999999999999999999999s", 2_000_000_000),
        ("9223372036854775807ns", 9_223_372_036_854_775_807),
        ("-9223372036854775808ns", -9_223_372_036_854_775_808),
        ("2562047h47m16.854775807s", 9_223_372_036_854_775_807),
    ],
)
def test_what_go_reads_is_read(text, nanoseconds):
    assert parse(text) == nanoseconds / 1e9
    assert parse_setting(text) == parse_json(text) == parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "+",
        ".",
        ".s",
        "s",
        "5",
        "1.",
        "5ms3",
        " 5m",
        "5m ",
        "5m\n",
        "soon",
        "1d",
        "5M",
        "1e3s",
        "1h-1m",
        "--1s",
        "1_000s",
        "0x5s",
        "\N{ARABIC-INDIC DIGIT THREE}s",
        "9223372036854775808ns",
        "-9223372036854775809ns",
        "9223372037s",
        "2562048h",
        "2562047h2562047h",
        "100000000000000000000s",
        "9" * 5000 + "s",
    ],
)
def test_what_go_refuses_is_refused(text):
    assert parse(text) is None
    assert parse_json(text) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("300", 300), ("-1", -1), ("+7", 7), ("0", 0), ("2h", 7200), ("007", 7), ("9223372036", 9_223_372_036)],
)
def test_a_setting_may_be_whole_seconds(text, seconds):
    assert parse_setting(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.5",
        "soon",
        "1_0",
        "5 ",
        "5\n",
        "\N{ARABIC-INDIC DIGIT THREE}",
        "9223372037",
        "-9223372037",
        "9" * 400,
        "9" * 5000,
    ],
)
def test_a_setting_that_is_neither_is_none(text):
    assert parse_setting(text) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (300, 300),
        (1.5, 1.5),
        (-1, -1),
        (-0.5, -0.5),
        (0, 0),
        ("10m", 600),
        ("-1ns", -1e-9),
        (9_223_372_036, 9_223_372_036),
    ],
)
def test_a_request_may_say_seconds_as_a_number(value, seconds):
    assert parse_json(value) == seconds


@pytest.mark.parametrize(
    "value", [True, False, None, [], {}, b"5m", "300", 1e10, -1e10, 10**400, float("inf"), float("nan")]
)
def test_a_request_may_not_say_anything_else(value):
    assert parse_json(value) is None
