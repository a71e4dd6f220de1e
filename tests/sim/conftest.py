"""The recorded exchange is replayed once for all its tests, so the loop lives as long as the module."""

import pytest


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"
