"""Formatted numbers."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale

from ollama_panel.gui import format as fmt
from ollama_panel.gui.notices import LocaleFormats

GIB = 1024**3


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize("write", [fmt.number, fmt.rate, fmt.gibibytes, fmt.size, fmt.duration, fmt.tokens])
def test_unknown_is_a_dash_never_zero(write: object) -> None:
    assert write(None) == "—"  # type: ignore[operator]


def test_a_value_that_is_not_a_number_is_unknown() -> None:
    assert fmt.number(float("nan")) == fmt.duration(float("nan")) == "—"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0 ms"),
        (0.0421, "42 ms"),
        (1.0, "1.0 s"),
        (9.94, "9.9 s"),
        (42.4, "42 s"),
        (150, "2.5 min"),
        (3600, "60 min"),
        (28_800, "8.0 h"),
        (31_536_000, "365 days"),
    ],
)
def test_a_time_has_the_unit_that_fits(value: float, text: str) -> None:
    assert fmt.duration(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0 MiB"), (64 * 1024, "64 KiB"), (300 * 1024**2, "300 MiB"), (4.7 * GIB, "4.7 GiB")]
)
def test_a_size_has_the_unit_that_fits(value: float, text: str) -> None:
    assert fmt.size(value) == text


def test_rates_show_a_decimal_only_where_it_matters() -> None:
    assert [fmt.rate(value) for value in (0.0, 4.2, 1284.3)] == ["0", "4.2", "1,284"]


def test_a_share_of_nothing_is_unknown() -> None:
    assert fmt.percent(3, None) == fmt.percent(3, 0) == fmt.percent(None, 4) == "—"
    assert fmt.percent(3, 4) == "75 %"


def test_context_lengths_are_short_where_that_is_exact() -> None:
    assert [fmt.tokens(value) for value in (512, 4096, 5000)] == ["512", "4k", "5,000"]


@pytest.mark.parametrize(("value", "text"), [(1_048_576, "1,048,576"), (2.5, "2.5"), (0.333, "0.33"), (30.0, "30")])
def test_a_number_in_a_notice_has_the_decimals_that_it_needs(value: float, text: str) -> None:
    assert LocaleFormats().number(value) == text
