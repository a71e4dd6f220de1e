import pytest

from ollama_panel.core.ollama.metal import lent_by_macos
from ollama_panel.core.ollama.sizes import GIB


@pytest.mark.parametrize(
    ("release", "gib", "lent_mb"),
    [
        ("15.5", 16, 11453),
        ("15.5", 32, 22906),
        ("14.6", 36, 28991),
        ("26.0", 16, 12713),
        ("26.1", 24, 19070),
        ("16.0", 32, 26801),
        ("26.0", 48, 40201),
        ("26.0", 64, 55663),
        ("26.0", 128, 115449),
    ],
)
def test_macos_lends_as_much_as_llama_cpp_prints(release: str, gib: int, lent_mb: int) -> None:
    assert lent_by_macos(gib * GIB, release) == pytest.approx(lent_mb * 10**6, rel=0.001)
