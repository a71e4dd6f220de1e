"""The state of scheduler and timeline as bytes, and back."""

import io
import pickle
import subprocess
from collections.abc import Callable
from enum import Enum
from typing import Any

import msgspec
import pytest
from typing_extensions import override

from ollama_panel.core.checkpoint import restored, saved
from ollama_panel.core.ids import InstanceId, PoolName, RequestId
from ollama_panel.core.records import RequestClass, Role, Usage
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.timeline.entry import Entry
from ollama_panel.core.timeline.timeline import Timeline
from tests.fakes.timelines import job, shown


class Panel:
    """A scheduler with its timeline; `ended` are the requests of whose end it was told."""

    def __init__(self) -> None:
        self.dispatcher, self.timeline = Dispatcher(Policy()), Timeline(self._ended)
        self.ended = list[str]()
        self.now = 0

    def _ended(self, entry: Entry) -> None:
        self.ended.append(entry.job.id)

    def post(self, event: say.Event) -> list[say.Action]:
        self.now += 10_000
        actions = self.dispatcher.step(event, self.now)
        self.timeline.fold(event, actions, self.now)
        return actions


@pytest.fixture
def panel() -> Panel:
    one = Panel()
    one.post(say.InstanceUp(InstanceId("chat-1"), PoolName("chat"), Role.CHAT, "http://127.0.0.1:1", 2))
    for number in range(5):
        one.post(say.Arrived(job(f"r{number}")))
    one.post(say.FirstByte(RequestId("r0")))
    one.post(say.Finished(RequestId("r0"), Usage(10, 20)))
    return one


def test_what_is_restored_shows_and_decides_the_same(panel: Panel) -> None:
    dispatcher, timeline = restored(saved(panel.dispatcher, panel.timeline))
    assert shown(timeline, dispatcher, panel.now) == shown(panel.timeline, panel.dispatcher, panel.now)
    for event in (say.FirstByte(RequestId("r1")), say.Finished(RequestId("r1"), Usage(1, 2)), say.Arrived(job("late"))):
        actions = panel.post(event)
        assert dispatcher.step(event, panel.now) == actions
        timeline.fold(event, actions, panel.now)
    assert shown(timeline, dispatcher, panel.now) == shown(panel.timeline, panel.dispatcher, panel.now)
    assert panel.ended == ["r0", "r1"], "nobody is told by the copy"


class _Calls:
    def __init__(self, function: Callable[..., Any], *arguments: object) -> None:
        self._call = function, arguments

    def __reduce__(self) -> Any:
        return self._call


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no pickle",
        pickle.dumps(("a", "b")),
        pickle.dumps(_Calls(subprocess.getoutput, "true")),
        pickle.dumps(_Calls(eval, "1")),
        pickle.dumps(_Calls(getattr, "a", "upper")),
        pickle.dumps(_Calls(getattr, Role, "mro")),
        pickle.dumps(_Calls(getattr, Dispatcher, "step")),
        b"\x80\x04\x8c\x1aollama_panel.core.checkpoint\x8c\x06pickle\x93.",
        b"\x80\x04\x8c\x1aollama_panel.core.checkpoint\x8c\x0cpickle.loads\x93.",
    ],
)
def test_a_strangers_file_gets_nothing_done(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        restored(content)


def test_what_python_3_11_2_of_debian_12_has_written_is_restored(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until 3.11.3, members of an enum are written as `getattr` of their class."""
    for kind in (Role, RequestClass):
        monkeypatch.setattr(kind, "__reduce_ex__", lambda member, _: (getattr, (type(member), member.name)))
    state = saved(panel.dispatcher, panel.timeline)
    assert b"getattr" in state
    dispatcher, timeline = restored(state)
    assert shown(timeline, dispatcher, panel.now) == shown(panel.timeline, panel.dispatcher, panel.now)


def test_no_settings_are_in_it_for_they_have_secrets(panel: Panel) -> None:
    pool = PoolSettings(PoolName("chat"), environment={"HF_TOKEN": "canary"})
    settings = msgspec.structs.replace(Settings(), pools=(pool,))
    panel.timeline.last_changes.changed(Settings(), settings, 0.0)
    assert panel.timeline.clients.records(1.0, settings)
    assert panel.timeline.last_changes.record(0.0) is not None
    state = saved(panel.dispatcher, panel.timeline)
    assert b"canary" not in state
    assert restored(state)[1].last_changes.record(0.0) is None


def test_no_object_of_it_gets_slower_by_being_saved(panel: Panel) -> None:
    found = set[str]()

    class Looking(pickle.Pickler):
        @override
        def persistent_id(self, one: object) -> None:
            if type(one).__module__.startswith("ollama_panel.core.") and not isinstance(one, Enum):
                found.update([type(one).__qualname__] if hasattr(one, "__dict__") else [])

    Looking(io.BytesIO(), protocol=5).dump((panel.dispatcher, panel.timeline))
    assert found == set()
