"""Every script ends with valid invariants and nothing left."""

from collections.abc import Iterator

import pytest

from tests.core.scheduling.script import Script


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    Script.made.clear()
    yield
    for script in Script.made:
        script.end()
    Script.made.clear()
