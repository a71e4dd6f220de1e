"""How a failing driver is recognised, and what is none."""

import pytest

from ollama_panel.core.doctor.driver_failures import last_failure
from ollama_panel.core.doctor.facts import LogFacts

FOUND = 'level=INFO source=types.go:60 msg="inference compute" id=GPU-1 library=CUDA name=CUDA0 total="24.0 GiB"'


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("ggml_cuda_init: failed to initialize CUDA: unknown error", "doctor.driver_asleep"),
        ('level=INFO msg="unable to load" error="cuda driver library init failure: 999"', "doctor.driver_asleep"),
        ("NVML: Driver/library version mismatch", "doctor.driver_mismatch"),
        (
            "ggml_cuda_init: failed to initialize CUDA: CUDA driver version is insufficient for CUDA runtime version",
            "doctor.driver_insufficient",
        ),
        ('level=WARN msg="amdgpu devices detected but permission problems block access"', "doctor.driver_rights"),
    ],
)
def test_a_failure_has_a_reason(line: str, why: str) -> None:
    failure, shown = last_failure(LogFacts(1, lines=(line,)))
    assert failure is not None
    assert (failure.why.code, shown) == (why, line)


@pytest.mark.parametrize(
    "lines",
    [
        ("ggml_cuda_init: failed to initialize CUDA: unknown error", FOUND),
        ("ggml_cuda_init: found 1 CUDA devices:",),
        ("ggml_cuda_init: failed to initialize CUDA: no CUDA-capable device is detected",),
        (),
    ],
    ids=["a card was found since", "a card was found", "there is no card", "nothing was said"],
)
def test_what_is_over_or_usual_is_none(lines: tuple[str, ...]) -> None:
    assert last_failure(LogFacts(1, lines=lines))[0] is None
