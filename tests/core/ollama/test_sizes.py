import pytest

from ollama_panel.core.ollama.sizes import MIB, parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("23.5 GiB", 25232932864),
        ("0 B", 0),
        ("387 MB", 387_000_000),
        ("832.00 MiB", 832 * MIB),
        (" 1 TiB ", 1024**4),
        ("x", None),
        ("", None),
        ("1.2.3 B", None),
        ("9" * 400 + " GiB", None),
    ],
)
def test_sizes_are_read_as_they_are_printed(text, size):
    assert parse_size(text) == size
