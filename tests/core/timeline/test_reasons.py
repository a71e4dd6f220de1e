"""Why a request took long, in words."""

from ollama_panel.core.ids import ClientId, ModelName
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.timeline.parts import Parts
from ollama_panel.core.timeline.reasons import Story, reasons
from ollama_panel.core.timeline.waits import Mark, Served, Wait, Who

FLOOD, ANN = "rag_indexer.py", "ann"


def wait(ahead: dict[str, int], **seconds: float) -> Wait:
    served = Served()
    mark = Mark(served, 0, frozenset(), 0.0, 0.0, 0.0, 0.0, 0.0)
    for name, number in ahead.items():
        for _ in range(number):
            served.started(Who(name))
    spells = {"paused_s": 0.0, "given_s": 0.0, "down_s": 0.0, "loading_s": 0.0, "limited_s": 0.0, **seconds}
    limit = 2 if "limited_s" in seconds else None
    return Wait(mark, served.place, Who("me"), **spells, limit=limit)


def told(parts: Parts, **more: object) -> list[str]:
    story = Story(ClientId("chat (pid 7)"), ModelName("llama3.1:8b"), parts, **more)  # type: ignore[arg-type]
    return [render(one) for one in reasons(story)]


def test_a_quick_request_needs_no_reason() -> None:
    assert told(Parts(0.2, 0.05, 0.4, 4.0, 0.0, 0.01), wait=wait({FLOOD: 3})) == []


def test_whom_it_waited_for() -> None:
    assert told(Parts(38.0, 0.0, 0.5, 4.0), wait=wait({FLOOD: 12})) == ["Waited 38 s behind 12 of rag_indexer.py."]
    assert told(Parts(38.0, 0.0, 0.5, 4.0), wait=wait({FLOOD: 12, ANN: 2, "eve": 1})) == [
        "Waited 38 s behind 12 of rag_indexer.py and 3 of others."
    ]
    assert told(Parts(38.0, 0.0, 0.5, 4.0), wait=wait({})) == ["Waited 38 s for a free slot."]


def test_each_long_part_has_its_reason_the_longest_first() -> None:
    parts = Parts(3.0, 14.0, 6.0, 12.0, 2.6, 2.7)
    assert told(parts, wait=wait({ANN: 1}), prompt_tokens=8900, output_tokens=300) == [
        "The model was cold: loading llama3.1:8b took 14 s.",
        "Answer of 300 tokens: 12 s, 25 tokens/s.",
        "Prompt of 8,900 tokens: reading it took 6 s.",
    ]


def test_a_part_that_is_a_small_share_is_not_what_made_it_slow() -> None:
    assert told(Parts(60.0, 1.5, 1.2, 4.0), wait=wait({ANN: 1})) == ["Waited 60 s behind 1 of ann."]


def test_other_reasons_to_wait_are_told_apart() -> None:
    held = wait({FLOOD: 1}, paused_s=10.0, down_s=6.0, loading_s=5.0, limited_s=7.0)
    assert told(Parts(40.5, 0.0, 0.1, 1.0), wait=held, lost_s=8.0, again=notice("attempt.closed")) == [
        "Waited 10 s while the queue was paused.",
        "Lost 8 s in attempts that came to nothing: The instance closed the connection without an answer.",
        "Waited 7 s because chat runs 2 at once at most.",
        "Waited 6 s while no instance answered.",
        "Waited 5 s while llama3.1:8b was being loaded.",
        "Waited 4.5 s behind 1 of rag_indexer.py.",
    ]


def test_that_others_had_the_gpu_is_a_reason() -> None:
    assert told(Parts(24.0, 0.0, 0.1, 1.0), wait=wait({FLOOD: 1}, given_s=20.0)) == [
        "Waited 20 s while the models made room for other programs.",
        "Waited 4 s behind 1 of rag_indexer.py.",
    ]


def test_a_load_that_cannot_be_told_from_the_prompt() -> None:
    assert told(Parts(0.0, None, None, 2.0), cold=True, first_s=9.0) == [
        "The model was cold: loading llama3.1:8b and reading the prompt took 9 s."
    ]


def test_what_passes_outside_of_ollamas_counters() -> None:
    assert told(Parts(0.0, 0.0, 0.2, 2.0, 8.0, 1.2)) == [
        "Ollama itself let it wait for 8 s: it had no free slot, because others use this server past the panel or "
        "because it has fewer slots than it was set to.",
        "1.2 s passed in the panel and on the ways to its client and to Ollama.",
    ]


def test_numbers_that_ollama_does_not_tell_are_left_out() -> None:
    assert told(Parts(0.0, 0.0, 6.0, 12.0)) == ["The answer took 12 s.", "Reading the prompt took 6 s."]


def test_a_cut_prompt_is_always_told() -> None:
    quick = Parts(0.0, 0.0, 0.2, 1.0)
    assert told(quick, cut=PromptCut(8900, 8192)) == ["Prompt of 8,900 tokens, cut to 8,192: its beginning is lost."]
    assert told(quick, cut=PromptCut(None, 8192)) == ["Prompt cut to 8,192 tokens: its beginning is lost."]
    assert told(quick, cut=PromptCut()) == ["The prompt was cut: its beginning is lost."]
