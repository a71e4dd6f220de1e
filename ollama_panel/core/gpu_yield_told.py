"""What people are told while the GPU is given to others. On a machine without a GPU it is the memory that is given."""

from ollama_panel.core.gpu_yield import YieldCause, YieldState
from ollama_panel.core.notices import Notice, notice


def told(state: YieldState, cause: YieldCause, program: str, resume_s: float, *, gpu: bool) -> Notice:
    """Return what is so now; `resume_s` is how long a cause must be gone, `gpu` is False on a machine without a GPU."""
    why = _reason(cause, program)
    if state is YieldState.FINISHING:
        return notice("gpu_yield.finishing" if gpu else "gpu_yield.finishing_memory", why=why)
    if cause is YieldCause.USER:
        return notice("gpu_yield.given" if gpu else "gpu_yield.given_memory", why=why)
    code = "gpu_yield.given_for_now" if gpu else "gpu_yield.given_for_now_memory"
    return notice(code, why=why, seconds=resume_s)


def back(*, gpu: bool) -> Notice:
    """Return that it is over."""
    return notice("gpu_yield.back" if gpu else "gpu_yield.back_memory")


def refused(program: str) -> Notice:
    """Return that the user has taken it back although a program runs, or, "", others use it."""
    return notice("gpu_yield.refused", program=program) if program else notice("gpu_yield.refused_use")


def why_waiting(cause: YieldCause, program: str, resume_s: float, *, gpu: bool) -> Notice:
    """Return why requests wait meanwhile; arguments as those of `told`."""
    if cause is YieldCause.PROGRAM:
        code = "waiting.given_program" if gpu else "waiting.given_program_memory"
        return notice(code, program=program, seconds=resume_s)
    if cause is YieldCause.GPU_BUSY:
        return notice("waiting.given_busy" if gpu else "waiting.given_busy_memory", seconds=resume_s)
    return notice("waiting.given" if gpu else "waiting.given_memory")


def _reason(cause: YieldCause, program: str) -> Notice:
    """Return why it is given away, for the middle of a sentence."""
    if cause is YieldCause.PROGRAM:
        return notice("gpu_yield.by_program", program=program)
    return notice("gpu_yield.by_user" if cause is YieldCause.USER else "gpu_yield.by_use")
