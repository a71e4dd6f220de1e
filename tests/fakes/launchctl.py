"""The `launchctl` of macOS: which agents of the user are disabled."""

import subprocess
from collections.abc import Sequence


class FakeLaunchctl:
    """Answers `print-disabled` and `enable` as launchctl does. `silent`: it fails, as in another user's session."""

    def __init__(self, disabled: Sequence[str] = ()) -> None:
        self.disabled = dict.fromkeys(disabled, True)
        self.silent = False

    def __call__(self, command: Sequence[str]) -> str:
        program, action, target = command
        assert program == "launchctl"
        if self.silent:
            raise subprocess.CalledProcessError(125, command)
        if action == "print-disabled":
            lines = [f'\t\t"{label}" => {"disabled" if off else "enabled"}' for label, off in self.disabled.items()]
            return "\n".join(["disabled services = {", *lines, "}"])
        assert action == "enable"
        self.disabled[target.rpartition("/")[2]] = False
        return ""
