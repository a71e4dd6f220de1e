"""How the drivers of cards fail, in the words of Ollama's log, and what mends each."""

import msgspec

from ollama_panel.core.doctor.facts import LogFacts
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import ComputeFound


class Failure(msgspec.Struct, frozen=True):
    """How a driver fails: a text of Ollama's log, what it means, and the commands that mend it on Linux."""

    text: str
    why: Notice
    commands: tuple[str, ...] = ()


_RELOAD = ("sudo rmmod nvidia_uvm", "sudo modprobe nvidia_uvm")
FAILURES = (
    Failure("Driver/library version mismatch", notice("doctor.driver_mismatch"), ("sudo reboot",)),
    Failure("communicate with the NVIDIA driver", notice("doctor.driver_gone")),
    Failure("system has unsupported display driver / cuda driver combination", notice("doctor.driver_mismatch")),
    Failure("CUDA driver version is insufficient for CUDA runtime version", notice("doctor.driver_insufficient")),
    Failure(
        "forward compatibility was attempted on non supported HW", notice("doctor.driver_mismatch"), ("sudo reboot",)
    ),
    Failure("cuda driver library init failure: 999", notice("doctor.driver_asleep"), _RELOAD),
    Failure("failed to initialize CUDA: unknown error", notice("doctor.driver_asleep"), _RELOAD),
    Failure("failed to initialize CUDA: CUDA unknown error", notice("doctor.driver_asleep"), _RELOAD),
    Failure("/dev/kfd: permission denied", notice("doctor.driver_rights"), ("sudo usermod -aG render,video ollama",)),
    Failure("amdgpu devices detected but permission problems", notice("doctor.driver_rights")),
)
"""From what `nvidia-smi` says, Ollama's `docs/troubleshooting.mdx` and `discover/` (0.5 to 0.24), and CUDA."""


def failure_in(text: str) -> Failure | None:
    """Return the failure that a text of a driver, or about one, tells of; None if it tells of none."""
    return next((one for one in FAILURES if one.text.lower() in text.lower()), None)


def last_failure(log: LogFacts) -> tuple[Failure | None, str]:
    """Return the last failure in a log and its line; None if a later start of the server has found a card."""
    found: Failure | None = None
    shown = ""
    for line in log.lines:
        said = failure_in(line)
        fact = parse(line)
        if said is not None:
            found, shown = said, line
        elif isinstance(fact, ComputeFound) and fact.library != "cpu":
            found = None
    return found, shown
