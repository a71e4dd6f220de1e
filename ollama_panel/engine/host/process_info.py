"""Apple's `NSProcessInfo`, by the Objective-C runtime itself: a bridge to all of Cocoa for five messages is no gain.

Sources: Apple's NSProcessInfo.h and objc/message.h: a message is sent by `objc_msgSend`, called as if it were the
method's own function.
"""

import ctypes
from collections.abc import Callable
from ctypes import c_bool, c_char_p, c_long, c_uint64, c_void_p
from typing import Any, Protocol

_FOUNDATION = "/System/Library/Frameworks/Foundation.framework/Foundation"
_OBJC = "/usr/lib/libobjc.A.dylib"


class Library(Protocol):
    """A shared library: each call returns a function of its own, whose types can be set."""

    def __getitem__(self, name: str) -> Any:
        """Return a function by its name."""
        ...


class ProcessInfo:
    """What macOS knows of this process and of the machine's state. `objc` is the Objective-C runtime."""

    def __init__(self, objc: Library) -> None:
        self._objc = objc
        self._name = self._function("sel_registerName", c_void_p, c_char_p)
        self._info = self._send(self._class(b"NSProcessInfo"), b"processInfo", c_void_p)

    @classmethod
    def of_system(cls) -> "ProcessInfo":
        """Return that of this process, on macOS. Raises OSError if the libraries are missing."""
        ctypes.CDLL(_FOUNDATION)
        return cls(ctypes.CDLL(_OBJC))

    def low_power(self) -> bool | None:
        """Return whether Low Power Mode is on; None before macOS 12, which has none."""
        if not self._answers(b"isLowPowerModeEnabled"):
            return None
        return bool(self._send(self._info, b"isLowPowerModeEnabled", c_bool))

    def thermal_state(self) -> int:
        """Return `NSProcessInfoThermalState`: 0 nominal, 1 fair, 2 serious, 3 critical."""
        return int(self._send(self._info, b"thermalState", c_long))

    def begin_activity(self, options: int, reason: str) -> int:
        """Begin an activity (`NSActivityOptions`); return what ends it."""
        text = self._send(self._class(b"NSString"), b"alloc", c_void_p)
        text = self._send(text, b"initWithUTF8String:", c_void_p, (c_char_p, reason.encode()))
        arguments = (c_uint64, options), (c_void_p, text)
        activity = self._send(self._info, b"beginActivityWithOptions:reason:", c_void_p, *arguments)
        self._send(activity, b"retain", c_void_p)
        self._send(text, b"release", None)
        return int(activity)

    def end_activity(self, activity: int) -> None:
        """End an activity."""
        self._send(self._info, b"endActivity:", None, (c_void_p, activity))
        self._send(activity, b"release", None)

    def _answers(self, message: bytes) -> bool:
        return bool(self._send(self._info, b"respondsToSelector:", c_bool, (c_void_p, self._name(message))))

    def _class(self, name: bytes) -> int:
        return int(self._function("objc_getClass", c_void_p, c_char_p)(name))

    def _send(self, target: int, message: bytes, result: Any, *arguments: tuple[Any, Any]) -> Any:
        types = (c_void_p, c_void_p, *(kind for kind, _ in arguments))
        send = self._function("objc_msgSend", result, *types)
        return send(target, self._name(message), *(value for _, value in arguments))

    def _function(self, name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
        function = self._objc[name]
        function.restype, function.argtypes = result, list(arguments)
        return function  # type: ignore[no-any-return] # ctypes' functions have no type
