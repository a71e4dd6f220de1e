"""Apple's NSProcessInfo, at an Objective-C runtime that is made up: which messages are sent, with which types."""

from ctypes import c_bool, c_long, c_uint64, c_void_p
from typing import Any

from ollama_panel.engine.host.app_nap import AppNap
from ollama_panel.engine.host.process_info import ProcessInfo

INFO, STRING, TEXT, ACTIVITY = 1, 2, 3, 4


class Function:
    """A function of a library, whose types are set before it is called."""

    restype: Any
    argtypes: list[Any]

    def __init__(self, runtime: "Runtime", name: str) -> None:
        self._runtime, self._name = runtime, name

    def __call__(self, *arguments: Any) -> Any:
        assert len(arguments) == len(self.argtypes)
        return getattr(self._runtime, self._name)(self, *arguments)


class Runtime:
    """`answers` are the results by message; `sent` are the messages, each with its arguments."""

    def __init__(self, **answers: int) -> None:
        self.answers = answers
        self.sent: list[tuple[int, str, tuple[Any, ...]]] = []
        self._names: list[str] = []

    def __getitem__(self, name: str) -> Function:
        return Function(self, name)

    def sel_registerName(self, _: Function, name: bytes) -> int:  # noqa: N802 - the runtime's name
        self._names.append(name.decode())
        return len(self._names) - 1

    def objc_getClass(self, _: Function, name: bytes) -> int:  # noqa: N802 - the runtime's name
        return {b"NSProcessInfo": -INFO, b"NSString": -STRING}[name]

    def objc_msgSend(self, function: Function, target: int, message: int, *arguments: Any) -> Any:  # noqa: N802
        name = self._names[message]
        assert function.argtypes[:2] == [c_void_p, c_void_p]
        self.sent.append((target, name, arguments))
        if name == "respondsToSelector:":
            return self._names[arguments[0]] in self.answers
        if name in self.answers:
            assert function.restype is (c_bool if name.startswith("is") else c_long)
            return self.answers[name]
        if name == "beginActivityWithOptions:reason:":
            assert function.argtypes[2:] == [c_uint64, c_void_p]
        return {"processInfo": INFO, "alloc": TEXT, "initWithUTF8String:": TEXT}.get(name, ACTIVITY)

    def messages(self) -> list[str]:
        return [name for _, name, _ in self.sent if name != "processInfo"]


def test_the_states_of_power_and_heat_are_asked_for() -> None:
    info = ProcessInfo(Runtime(isLowPowerModeEnabled=1, thermalState=2))
    assert (info.low_power(), info.thermal_state()) == (True, 2)
    assert ProcessInfo(Runtime(isLowPowerModeEnabled=0)).low_power() is False
    assert ProcessInfo(Runtime(thermalState=0)).low_power() is None  # before macOS 12


def test_an_activity_is_begun_once_and_ended_once() -> None:
    runtime = Runtime()
    nap = AppNap(ProcessInfo(runtime))
    nap.allow()
    assert runtime.messages() == []
    nap.prevent()
    nap.prevent()
    begun = ["alloc", "initWithUTF8String:", "beginActivityWithOptions:reason:", "retain", "release"]
    assert runtime.messages() == begun
    assert (TEXT, "initWithUTF8String:", (b"Serves clients of language models",)) in runtime.sent
    assert (INFO, "beginActivityWithOptions:reason:", (0x00EFFFFF, TEXT)) in runtime.sent
    assert (TEXT, "release", ()) in runtime.sent
    nap.allow()
    nap.allow()
    assert runtime.messages()[len(begun) :] == ["endActivity:", "release"]
    assert runtime.sent[-1] == (ACTIVITY, "release", ())


def test_other_systems_have_no_app_nap() -> None:
    nap = AppNap()
    nap.prevent()
    nap.allow()
