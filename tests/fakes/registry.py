"""The registry of a user of Windows, in memory."""

from collections.abc import Mapping

from typing_extensions import override

from ollama_panel.desktop.windows import Registry


class FakeRegistry(Registry):
    """Values by key and name. While `refused` is set, nothing can be read or changed."""

    def __init__(self, values: Mapping[tuple[str, str], str | bytes] | None = None) -> None:
        self.values = dict(values or {})
        self.refused = False

    @override
    def read(self, key: str, name: str) -> str | bytes | None:
        self._check()
        return self.values.get((key, name))

    @override
    def write(self, key: str, name: str, text: str) -> None:
        self._check()
        self.values[key, name] = text

    @override
    def delete(self, key: str, name: str) -> None:
        self._check()
        del self.values[key, name]

    def _check(self) -> None:
        if self.refused:
            raise PermissionError(13, "Access is denied")
