"""The sentence about the panel's state."""

import msgspec
import pytest

from ollama_panel.core.bypass import BypassRecord, Origin
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.templates import TEMPLATES
from ollama_panel.core.snapshot import ProxyRecord, RequestRecord, RequestState
from ollama_panel.gui.summary import summary
from tests.gui import snapshots
from tests.gui.snapshots import snapshot

READY = tuple(record for record in snapshots.instances() if record.phase is Phase.READY)
IDLE = tuple(msgspec.structs.replace(pool, queued=0) for pool in snapshot().pools)
FROZEN = msgspec.structs.replace(READY[0], silent=(snapshots.LLAMA,))
HALTED = msgspec.structs.replace(READY[0], phase=Phase.STOPPED)
BROKEN = msgspec.structs.replace(READY[0], phase=Phase.BACKOFF)
TAKEN = notice("proxy.port_taken", host="127.0.0.1", port=11435, owner=notice("port.owner", name="nginx", pid=7))

PAST = tuple(
    BypassRecord(Origin.PROGRAM, "http://127.0.0.1:11434", name, connections=1, last_seen=104.0)
    for name in ("rag_indexer.py", "aider")
)
pytestmark = pytest.mark.usefixtures("theme")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "2 instances cannot run"),
        ({"instances": READY}, "12 requests wait for a free slot"),
        ({"instances": READY, "pools": IDLE}, "Everything is running normally"),
        ({"instances": READY, "pools": IDLE, "bypassing": PAST}, "2 programs go past the queue, straight to Ollama"),
        ({"instances": READY, "bypassing": PAST}, "12 requests wait for a free slot"),
        ({"instances": READY, "pools": IDLE, "bypassing": PAST, "at": 900.0}, "Everything is running normally"),
        (
            {"instances": READY, "pools": IDLE, "served": 0, "requests": (), "finished": ()},
            "No request has come yet: the page Connect says how programs are set up",
        ),
        ({"instances": (), "pools": IDLE}, "No instance runs yet"),
        ({"instances": READY, "proxy": ProxyRecord()}, "The proxy is off"),
        (
            {"instances": READY, "proxy": ProxyRecord(problem=TAKEN)},
            "The proxy cannot listen on 127.0.0.1:11435: nginx",
        ),
        ({"instances": (BROKEN, *READY)}, "1 instance cannot run"),
        ({"instances": (FROZEN, *READY[1:])}, "Requests stand still at 1 instance"),
        ({"instances": (HALTED, *READY[1:]), "pools": IDLE}, "1 instance is stopped"),
        ({"instances": (HALTED,), "pools": IDLE}, "All instances are stopped"),
        ({"instances": READY, "paused": True}, "The queue is paused: 12 requests wait"),
        ({"fatal": notice("engine.stopped", error="out of file descriptors")}, "The engine has stopped"),
        ({"starting": True, "proxy": ProxyRecord(), "instances": ()}, "Starting"),
    ],
)
def test_the_most_important_state_is_told(changes: dict[str, object], words: str) -> None:
    assert summary(snapshot(**changes)).startswith(words)


def requests(*groups: tuple[int, RequestState, Notice | None]) -> dict[str, object]:
    (pattern,) = snapshots.requests(1, 0, 0)[0]
    records = list[RequestRecord]()
    for count, state, why in groups:
        records += [msgspec.structs.replace(pattern, state=state, why=why)] * count
    waiting = sum(count for count, state, _ in groups if state is RequestState.WAITING)
    pools = (msgspec.structs.replace(IDLE[0], queued=waiting), IDLE[1])
    return {"instances": READY, "requests": tuple(records), "pools": pools}


def test_each_reason_for_waiting_has_its_words() -> None:
    codes = {code for code in TEMPLATES if code.startswith("waiting.")}
    assert len(codes) > 30
    for code in codes:
        told = summary(snapshot(**requests((2, RequestState.WAITING, Notice(code)))))
        assert told.removeprefix("2 requests wait"), code


SLOTS = notice("waiting.slots", slots=4, model="a")
MEMORY = notice("waiting.memory", model="a")
RELOAD = notice("waiting.context", model="a", tokens=4096, needed=8192)
LOADS = notice("waiting.loading", model="a", instances=("chat-1",))
W, L = RequestState.WAITING, RequestState.LOADING


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (requests((1, W, SLOTS)), "1 request waits for a free slot"),
        (requests((3, W, LOADS)), "3 requests wait until their model is loaded"),
        (requests((3, W, MEMORY)), "3 requests wait for room in memory"),
        (requests((2, W, RELOAD)), "2 requests wait for a reload with another context"),
        (requests((2, L, None)), "A model is being loaded for 2 requests"),
        (
            requests((1, L, None), (2, W, LOADS)),
            "2 requests wait until their model is loaded; a model",
        ),
        (requests((1, W, MEMORY), (4, W, SLOTS)), "5 requests wait: 4 for a free slot, 1 for room in memory"),
        (requests((1, W, None)), "1 request waits"),
        (
            {**requests((1, W, MEMORY), (4, W, SLOTS)), "pools": (msgspec.structs.replace(IDLE[0], queued=900),)},
            "900 requests wait, most of them for a free slot",
        ),
        ({**requests(), "pools": (msgspec.structs.replace(IDLE[0], queued=2),)}, "2 requests wait"),
    ],
)
def test_a_model_that_is_being_loaded_is_no_free_slot(changes: dict[str, object], words: str) -> None:
    told = summary(snapshot(**changes))
    assert told.startswith(words)
    assert ("slot" in told) == ("slot" in words)
