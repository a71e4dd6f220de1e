"""How much memory the GPU of a Mac may use."""

from ollama_panel.core.ollama.sizes import GIB

_NEW_MACOS = 16
"""macOS 26 calls itself 16 to programs that were built before it."""
_SHARES = ((32 * GIB, 0.74), (64 * GIB, 0.78), (128 * GIB, 0.81))
_LARGEST_SHARE = 0.84


def lent_by_macos(total: int, release: str) -> int:
    """Return the bytes that macOS lends to the GPU of a Mac with Apple's chip by default.

    That is Metal's `recommendedMaxWorkingSetSize`, which Ollama asks for (0.32 `discover/gpu_info_darwin.m`). As
    llama.cpp prints it, it was two thirds of the memory up to macOS 15, three quarters from 36 GB on. On macOS 26 it is
    74 % of 16 and 24 GB (12,713 and 19,070 MB), 78 % of 32, 36 and 48, 81 % of 64, 84 % of 128 (115,449 MB). `release`
    is "" if it is unknown: then the smaller Macs, which are mostly new, count as new, and the others as old, so that a
    guess errs by little.
    """
    major = release.partition(".")[0]
    if int(major) >= _NEW_MACOS if major.isdecimal() else total < 32 * GIB:
        return int(total * next((share for below, share in _SHARES if total < below), _LARGEST_SHARE))
    return total * 2 // 3 if total < 36 * GIB else total * 3 // 4
