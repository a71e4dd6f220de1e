"""Process trees on Windows: a job object that is killed with the panel, so that no runner is ever orphaned.

Own ctypes calls, because the standard library has no job objects and pywin32 is a large dependency for five calls.
"""

import contextlib
import ctypes
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, TypedDict

import psutil

from ollama_panel.engine.host.processes import UNREADABLE

assert sys.platform == "win32"


class _Spawn(TypedDict):
    creationflags: int


SPAWN: _Spawn = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}

_PROCESS_SET_QUOTA, _PROCESS_TERMINATE = 0x0100, 0x0001
_EXTENDED_LIMITS = 9
_KILL_ON_JOB_CLOSE = 0x2000


class _BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class _ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("BasicLimitInformation", _BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


def _kernel() -> Any:
    """Return kernel32 with declared handle types: the default would truncate handles to 32 bits."""
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    handle = ctypes.c_void_p
    kernel.CreateJobObjectW.restype = handle
    kernel.CreateJobObjectW.argtypes = (handle, ctypes.c_wchar_p)
    kernel.OpenProcess.restype = handle
    kernel.OpenProcess.argtypes = (ctypes.c_uint32, ctypes.c_int, ctypes.c_uint32)
    kernel.SetInformationJobObject.argtypes = (handle, ctypes.c_int, handle, ctypes.c_uint32)
    kernel.AssignProcessToJobObject.argtypes = (handle, handle)
    kernel.TerminateJobObject.argtypes = (handle, ctypes.c_uint32)
    kernel.CloseHandle.argtypes = (handle,)
    return kernel


class Tree:
    """A child in a job object of its own, which its descendants inherit."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._kernel = _kernel()
        self._job: int | None = self._kernel.CreateJobObjectW(None, None)
        self._descendants: list[psutil.Process] = []
        limits = _ExtendedLimits()
        limits.BasicLimitInformation.LimitFlags = _KILL_ON_JOB_CLOSE
        self._kernel.SetInformationJobObject(self._job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
        process = self._kernel.OpenProcess(_PROCESS_SET_QUOTA | _PROCESS_TERMINATE, False, pid)
        if process:
            self._kernel.AssignProcessToJobObject(self._job, process)
            self._kernel.CloseHandle(process)

    def remember(self, descendants: Sequence[psutil.Process]) -> None:
        """Remember descendants, in case they could not be assigned to the job."""
        self._descendants = list(descendants)

    def terminate(self) -> None:
        """Kill the tree: no signal reaches a process without a console on Windows. The proxy has drained before."""
        self.kill()

    def kill(self) -> None:
        """Kill everything in the job and all known descendants."""
        with contextlib.suppress(*UNREADABLE):
            self._descendants += psutil.Process(self._pid).children(recursive=True)
        if self._job is not None:
            self._kernel.TerminateJobObject(self._job, 1)
        for process in self._descendants:
            with contextlib.suppress(*UNREADABLE):
                process.kill()

    def close(self) -> None:
        """Close the job, which kills what is left in it."""
        if self._job is not None:
            self._kernel.CloseHandle(self._job)
            self._job = None
