from itertools import product

from ollama_panel.core.gpu_yield import YieldCause, YieldState
from ollama_panel.core.gpu_yield_told import back, told, why_waiting
from ollama_panel.core.notices.render import render


def test_the_words_of_each_cause() -> None:
    said = [render(told(YieldState.YIELDED, one, "blender", 30.0, gpu=True)) for one in YieldCause]
    assert said == [
        "The GPU is given to other programs (you said so): requests wait until you take it back.",
        "The GPU is given to other programs (blender runs): requests wait until that has been over for 30 s.",
        "The GPU is given to other programs (other programs use it): requests wait until that has been over for 30 s.",
    ]
    assert [render(why_waiting(one, "blender", 30.0, gpu=True)) for one in YieldCause] == [
        "The GPU is given to other programs: this request waits until you take it back.",
        "The GPU is given to blender: this request waits until that has been gone for 30 s.",
        "Other programs use the GPU: this request waits until they have left it alone for 30 s.",
    ]


def test_a_machine_without_a_gpu_gives_its_memory() -> None:
    states = (YieldState.FINISHING, YieldState.YIELDED)
    said = [told(state, cause, "blender", 30.0, gpu=False) for state, cause in product(states, YieldCause)]
    said += [why_waiting(cause, "blender", 30.0, gpu=False) for cause in YieldCause]
    assert [one for one in (*said, back(gpu=False)) if "GPU" in render(one)] == []
