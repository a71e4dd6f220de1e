"""Versions of Ollama that are known to be bad, and what is wrong with each, with its source."""

import msgspec

from ollama_panel.core.ollama.versions import NO_VERSION


class KnownVersion(msgspec.Struct, frozen=True):
    """Versions from `since` to before `mended` have a fault that the notice `code` tells.

    `open_only`: it matters where other machines reach the server. `parallel_only`: where it is to work on several
    requests at once.
    """

    code: str
    mended: tuple[int, ...]
    since: tuple[int, ...] = ()
    open_only: bool = False
    parallel_only: bool = False

    def is_of(self, version: tuple[int, ...]) -> bool:
        """Return whether a version has the fault; an unknown one has none."""
        return version not in ((), NO_VERSION) and self.since <= version < self.mended


KNOWN = (
    # CVE-2024-37032 (NVD; fixed in the release notes of 0.1.34)
    KnownVersion("doctor.version_runs_code", (0, 1, 34), open_only=True),
    # CVE-2026-7482 (NVD: "before 0.17.1", github.com/ollama/ollama, fs/ggml/gguf.go)
    KnownVersion("doctor.version_tells_memory", (0, 17, 1), open_only=True),
    # github.com/ollama/ollama/issues/6516, mended by pull request 6402 in 0.3.7
    KnownVersion("doctor.version_drops_parallel", (0, 3, 7), since=(0, 2), parallel_only=True),
)
"""The most serious first."""


def known_bad(version: tuple[int, ...], *, is_open: bool, parallel: bool) -> KnownVersion | None:
    """Return the most serious fault of a version that matters on a machine, None if none is known."""
    for one in KNOWN:
        if one.is_of(version) and (is_open or not one.open_only) and (parallel or not one.parallel_only):
            return one
    return None
