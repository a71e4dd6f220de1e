"""Every test runs without a display; async tests run on plain asyncio; no property test is judged by its speed."""

import os

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
