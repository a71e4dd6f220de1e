"""Numbers in a line of evidence."""

from ollama_panel.core.doctor.quantities import number, seconds, size


def test_a_number_has_its_unit_and_no_blank() -> None:
    assert (size(4 << 30), seconds(12), seconds(210), number(1234.5)) == ("4.0GiB", "12s", "3.5min", "1234.5")
