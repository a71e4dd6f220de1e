"""The lock against sleep by `wakepy`: D-Bus services, macOS' `caffeinate`, Windows' `SetThreadExecutionState`."""

import logging
import re
import sys
from collections.abc import Callable

from wakepy import Mode, keep
from wakepy.core import ActivationResult

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice, notice

_LOG = logging.getLogger(__name__)

_TOLD = re.compile(r"failed with message: (?:\[[\w.]+\] \(['\"](.+)['\"],\)|(?:\[Errno \d+\] )?(.+?))\"?\)?$")
"""What a D-Bus service or the connection to it says, in wakepy's words around it."""


class Held:
    """The lock, which is held from its creation until `leave`, on one thread. Raises PanelError if there is none.

    `method` names what holds it. `has_lost` returns whether that has ended since, as far as the system tells.
    """

    def __init__(self) -> None:
        self._mode, self._close, self.has_lost = _new_mode()
        self._mode.__enter__()
        if not self._mode.active or self._mode.method is None:
            self.leave()
            raise PanelError(_why(self._mode.result))
        self.method = self._mode.method.name

    def leave(self) -> None:
        """Give it back."""
        try:
            self._mode.__exit__(None, None, None)
        except RuntimeError as error:  # the bus has ended meanwhile, and the lock with it
            _LOG.info("the lock against sleep has gone: %s", error)
        finally:
            self._close()


def _new_mode() -> tuple[Mode, Callable[[], None], Callable[[], bool]]:
    """Return the mode, what closes its connections, which wakepy does only if all goes well, and whether it is lost."""
    if sys.platform in ("darwin", "win32"):
        return keep.running(on_fail="pass"), lambda: None, lambda: False
    from ollama_panel.engine.host.sleep_lock_dbus import ORDER, Bus  # it needs jeepney, which only Linux has

    buses = list[Bus]()

    class Ours(Bus):
        def __init__(self) -> None:
            super().__init__()
            buses.append(self)

    def close() -> None:
        for bus in buses:
            bus.close_connections()

    def has_lost() -> bool:
        return any(bus.has_lost() for bus in buses)

    return keep.running(methods_priority=ORDER, on_fail="pass", dbus_adapter=Ours), close, has_lost


def _why(result: ActivationResult) -> Notice:
    """Return why the last thing that was tried has failed; the log has all."""
    failed = [one for one in result.query(success=(False,)) if one.failure_stage != "PLATFORM_SUPPORT"]
    for one in failed:
        _LOG.info("the machine cannot be kept awake by %s: %s", one.method_name, one.failure_reason)
    if not failed:
        return notice("keep_awake.no_service")
    told = _TOLD.search(failed[-1].failure_reason)
    reason = (told[1] or told[2]) if told else failed[-1].failure_reason
    return notice("keep_awake.refused", service=failed[-1].method_name, reason=_of_bus().get(reason, reason))


def _of_bus() -> dict[str, Notice]:
    """Return what is said of buses that cannot be used, by the words in which wakepy tells of it."""
    if sys.platform in ("darwin", "win32"):
        return {}
    from ollama_panel.engine.host.sleep_lock_dbus import TOLD

    return TOLD
