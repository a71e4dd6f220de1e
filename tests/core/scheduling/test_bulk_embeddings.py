"""Short embeddings go before bulk ones, which get their share."""

import msgspec

from ollama_panel.core.records import Job, RequestClass
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import SECOND, embed
from tests.core.scheduling.test_parts import part, pool


def bulk(name: str, client: str = "ann") -> Job:
    return msgspec.structs.replace(embed(name, client), bulk=True)


def test_a_short_embedding_gets_the_next_slot_however_many_bulk_ones_wait() -> None:
    script = pool(1)
    script.arrive(*(bulk(f"b{number}") for number in range(50)), embed("search", "ann"))
    assert script.position("search") == 1
    assert script.position("b1") == 2
    script.finish("b0")
    assert script.order() == ["b0", "search"]


def test_a_class_that_the_user_sets_counts_and_not_the_size() -> None:
    script = pool(1, Policy(classes={"boss": RequestClass.INTERACTIVE, "crawler": RequestClass.BATCH}))
    script.arrive(embed("first"), bulk("a"), embed("b"), embed("c", "crawler"), bulk("d", "boss"))
    for _ in range(5):
        script.finish(next(iter(script.sent)))
    assert script.order() == ["first", "d", "b", "a", "c"]


def test_bulk_embeddings_get_their_share_beside_short_ones_that_never_end() -> None:
    script = pool(1)
    done = {"short": 0, "bulk": 0}
    script.arrive(*(embed(f"short{number}", "eve") for number in range(3)))
    script.arrive(*(part(number, "bulk", "ann", 400) for number in range(3)))
    for number in range(3, 2000):
        script.wait(0.5)
        name = next(iter(script.sent))
        kind = "bulk" if name.startswith("bulk") else "short"
        done[kind] += 1
        script.finish(name)
        script.arrive(embed(f"short{number}", "eve") if kind == "short" else part(number, "bulk", "ann", 400))
    share = done["bulk"] / sum(done.values())
    assert 0.08 <= share <= 0.15, done
    assert script.now > 600 * SECOND


def test_without_a_share_bulk_embeddings_wait_for_all_others() -> None:
    script = pool(1, Policy(batch_share=0.0))
    script.arrive(embed("short0", "eve"), embed("short1", "eve"), bulk("big"))
    for number in range(2, 300):
        script.wait(1)
        script.finish(next(iter(script.sent)))
        script.arrive(embed(f"short{number}", "eve"))
    assert "big" not in script.order()


def test_a_part_waits_since_its_request_arrived() -> None:
    for arrived, last in ((0, "big/7"), (300 * SECOND, "short1")):
        script = pool(1)
        script.arrive(embed("short0", "eve"))
        script.wait(300)
        script.arrive(embed("short1", "eve"), part(7, arrived_us=arrived))
        script.finish("short0")
        assert script.order()[-1] == last


def test_the_reason_names_the_urgent_ones() -> None:
    script = pool(1)
    script.arrive(embed("short0", "eve"), embed("short1", "eve"), bulk("big"))
    assert script.why("big").endswith("More urgent requests go first: 1.")
