"""Every test runs without a display, async ones on asyncio with a clock that can be put forward.

No property test is judged by its speed.
"""

import os
from typing import Any

import pytest
from hypothesis import settings

from tests.fakes.virtual import VirtualLoop

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "asyncio", {"loop_factory": VirtualLoop}
