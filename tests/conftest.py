"""Every test runs without a display, async ones on asyncio with a clock that can be put forward.

No property test is judged by its speed. By default they try few examples; PANEL_FUZZ=10000 has each try that many.
"""

import functools
import os
import signal
import ssl
from typing import Any

import pytest
from hypothesis import settings

import tools
from tests.fakes.virtual import VirtualLoop

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # in the background of a shell: then children ignore Ctrl-C, too
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("quick", deadline=None, print_blob=True, max_examples=40)
settings.load_profile("quick")
if "PANEL_FUZZ" in os.environ:
    settings.register_profile("thorough", settings.get_profile("quick"), max_examples=int(os.environ["PANEL_FUZZ"]))
    settings.load_profile("thorough")

os.environ["PATH"] = tools.search_path()
"""The tools that judge exports may be where the shell does not look."""

ssl.create_default_context = functools.cache(ssl.create_default_context)
"""Every httpx client makes one, which takes longer than most tests here; none speaks TLS."""


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "asyncio", {"loop_factory": VirtualLoop}


def pytest_report_header() -> str:
    return tools.summary()
