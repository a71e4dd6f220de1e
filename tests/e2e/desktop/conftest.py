"""The desktop of these tests, and panels in it. They skip, by name, where a program for it is missing."""

import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.desktop.display import Display, missing
from tests.e2e.desktop.user import User
from tests.e2e.desktop.window_process import PICTURE, WindowProcess
from tests.fakes.virtual import VirtualLoop
from tests.fakes.waiting import deadline

LACKS = missing()
LIMIT_S = 100.0
"""Of each test; of a test with the start and the end of its panels, four times as much."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and "display" in item.fixturenames:
            item.add_marker(pytest.mark.timeout(4 * LIMIT_S))
            if inspect.iscoroutinefunction(item.obj):
                item.obj = _limited(item.obj)
            if LACKS:
                item.add_marker(pytest.mark.skip(reason=f"not installed: {', '.join(LACKS)}"))


def _limited(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Give a test a limit that ends it in order; pytest's own would leave a loop that cannot end the panel."""

    @functools.wraps(test)
    async def run(*values: Any, **fixtures: Any) -> None:
        async with deadline("the whole test", LIMIT_S):
            await test(*values, **fixtures)

    return run


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add a picture of the screen to the report of a test that fails."""
    report = yield
    fixtures: dict[str, Any] = getattr(item, "funcargs", {})
    if report.when == "call" and report.failed and {"display", "tmp_path"} <= fixtures.keys():
        picture = fixtures["tmp_path"] / PICTURE
        if not picture.exists():  # a panel of the test's own is gone by now, and took it itself
            fixtures["display"].screenshot(picture)
        report.sections.append(("the screen when it failed", str(picture)))
    return report


@pytest.fixture(scope="session")
def display() -> Iterator[Display]:
    with Display() as display:
        yield display


@pytest.fixture(scope="module")
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """One loop for all tests of a module, so that they can share a panel."""
    return "asyncio", {"loop_factory": VirtualLoop}


@pytest.fixture(scope="module")
async def panel(display: Display, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WindowProcess]:
    """A panel with its window, in the state in which the last test left it."""
    async with WindowProcess(display, tmp_path_factory.mktemp("panel") / "state") as panel:
        await panel.ready()
        yield panel


@pytest.fixture
def user(panel: WindowProcess) -> User:
    return panel.user


@pytest.fixture(autouse=True)
def _folder_of_pictures(tmp_path: Path) -> None:
    """Let each test have a folder, for the picture if it fails."""
