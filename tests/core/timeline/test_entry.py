"""One request as it is now: its record is never out of date."""

from random import Random

from ollama_panel.core.ids import InstanceId, RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import Usage
from ollama_panel.core.scheduling.waiting import Waiting
from ollama_panel.core.series import Window
from ollama_panel.core.snapshot import RequestState
from ollama_panel.core.timeline.entry import Entry
from tests.fakes.timelines import job

BUSY = notice("waiting.paused")


def test_the_record_is_built_again_after_every_change() -> None:
    random = Random(1)
    one = InstanceId("chat-1")
    for _ in range(20):
        entry = Entry(job("a"), 1.0)
        changes = [
            lambda entry=entry: entry.place(Waiting(RequestId("a"), random.randrange(3), None, BUSY)),
            lambda entry=entry: entry.dispatch(one, 4096, Window(4.0), random.random(), loading=random.random() < 0.5),
            lambda entry=entry: entry.requeue(notice("waiting.slots", slots=random.randrange(99), model="a"), 5.0),
            lambda entry=entry: entry.answer(random.random()),
            lambda entry=entry: entry.stream(random.randrange(1, 9), 5.0),
            lambda entry=entry: entry.tell_cut(PromptCut(random.randrange(99)), 2.0),
            lambda entry=entry: entry.end(RequestState.CANCELLED, random.random(), "gone"),
            lambda entry=entry: entry.finish(Usage(output_tokens=random.randrange(99)), 200, 6.0),
        ]
        for _ in range(40):
            random.choice(changes)()
            assert entry.record() == entry.build()
            assert entry.record() is entry.record()
