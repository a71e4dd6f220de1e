"""What the first run advises, and the settings that come of it."""

import msgspec

from ollama_panel.core.advice.uses import Use
from ollama_panel.core.bypass import BypassRecord, Origin
from ollama_panel.core.first_run.advised import Advised, Asked, Item, Kind, advised, likely, ticks, wanted
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.takeover import Takeover, TakeoverStage
from tests.core.first_run import machines
from tests.core.first_run.machines import FOLDER, alone, of_service, without_models
from tests.gui.snapshots import LLAMA, MODELS

RAG = Asked(Use.RAG, 4)
URL = "http://127.0.0.1:11434"
FLOOD = BypassRecord(Origin.PROGRAM, URL, "rag_indexer.py", 4121, connections=24)
CHAT = BypassRecord(Origin.PROGRAM, URL, "open-webui", 2210, connections=2)


def items(snapshot: Snapshot, asked: Asked = RAG) -> dict[str, Item]:
    return {one.id: one for one in advised(snapshot, asked).items}


def test_a_machine_with_an_embedding_model_is_used_for_documents() -> None:
    assert likely(of_service()).use is Use.RAG
    assert likely(of_service(models=MODELS[:1])).use is Use.CHAT


def test_each_program_that_is_seen_counts_as_somebody_who_waits() -> None:
    assert likely(of_service(bypassing=None)).people == 1
    assert likely(of_service(bypassing=(FLOOD, CHAT))).people == 2


def test_all_is_advised_in_the_order_in_which_it_is_read() -> None:
    found = advised(of_service(), RAG).items
    assert [one.id for one in found] == ["queue", "pool.chat", "pool.embedding", "store", "take_over"]
    assert [one.id for one in found if not one.ticked] == ["take_over"]
    assert all(one.possible for one in found)


def test_the_queue_is_named_by_its_address() -> None:
    assert render(items(of_service())["queue"].title) == "Put a queue in front: 127.0.0.1:11435"


def test_a_pool_says_its_values_and_why() -> None:
    chat = items(of_service())["pool.chat"]
    assert chat.pool is not None
    assert render(chat.title) == (
        f"Pool chat: workers {chat.pool.workers}, parallel {chat.pool.parallel}, context {chat.pool.context_length:,}"
    )
    assert LLAMA in render(chat.why)
    assert chat.sums
    assert "one at a time" in render(items(of_service())["pool.embedding"].why)


def test_the_ticked_items_are_in_the_settings() -> None:
    snapshot = of_service()
    found = advised(snapshot, RAG).items
    after = wanted(Settings(), found, ticks(found, {}))
    assert after.ollama.models_dir == FOLDER
    assert after.proxy.enabled
    assert [pool for pool in after.pools if pool.name == "chat"] == [items(snapshot)["pool.chat"].pool]


def test_without_a_tick_the_settings_stay_as_they_are() -> None:
    found = advised(of_service(), RAG).items
    none = ticks(found, dict.fromkeys((one.id for one in found), False))
    off = msgspec.structs.replace(Settings().proxy, enabled=False)
    assert wanted(Settings(), found, none) == msgspec.structs.replace(Settings(), proxy=off)


def test_values_that_the_user_has_chosen_for_a_pool_are_kept() -> None:
    chat = items(of_service())["pool.chat"].pool
    assert chat is not None
    mine = msgspec.structs.replace(chat, parallel=7)
    found = items(of_service(), Asked(Use.RAG, 4, {PoolName("chat"): mine}))
    assert found["pool.chat"].pool == mine
    assert render(found["pool.chat"].why) == "As you have chosen."


def test_a_pool_that_the_use_does_not_need_gets_no_workers() -> None:
    found = items(of_service(), Asked(Use.CHAT, 4))
    assert render(found["pool.embedding"].title) == "Pool embedding: no workers"


def test_a_folder_that_the_workers_cannot_read_needs_commands_and_its_pools_are_not_ticked() -> None:
    found = advised(of_service(closed=True), RAG).items
    store = next(one for one in found if one.kind is Kind.STORE)
    assert not store.possible
    assert [step.values["command"] for step in store.steps]
    assert {one.id for one in found if one.kind is Kind.POOL and one.ticked} == set()
    everything = ticks(found, {"store": True})
    assert wanted(Settings(), found, everything).ollama.models_dir == ""


def test_workers_that_have_the_models_need_no_other_folder() -> None:
    assert "store" not in items(alone())
    assert items(alone())["pool.chat"].ticked


def test_a_program_that_crowds_out_the_others_is_to_wait_for_them() -> None:
    snapshot = of_service(bypassing=(CHAT, FLOOD))
    item = items(snapshot)["class.rag_indexer.py"]
    assert item.ticked
    assert render(item.why).startswith("It holds 24 connections at once.")
    after = wanted(snapshot.settings, (item,), {item.id})
    assert after.scheduling.classes == {"rag_indexer.py": RequestClass.BATCH}
    assert "class.rag_indexer.py" not in items(msgspec.structs.replace(snapshot, settings=after))


def test_a_program_that_is_alone_may_wait_but_is_not_told_to() -> None:
    assert not items(of_service(bypassing=(FLOOD,)))["class.rag_indexer.py"].ticked


def test_ollamas_own_address_can_be_taken_over_and_is_only_if_the_user_ticks_it() -> None:
    item = items(of_service())["take_over"]
    assert (render(item.title), item.ticked) == ("Take over 127.0.0.1:11434", False)
    assert "Ollama moves to another port" in render(item.why)
    assert "Nothing listens" in render(items(alone())["take_over"].why)


def test_an_address_that_is_taken_over_is_not_advised_again() -> None:
    assert "take_over" not in items(of_service(takeover=Takeover(TakeoverStage.TAKEN, "127.0.0.1:11434")))
    there = msgspec.structs.replace(Settings(), proxy=msgspec.structs.replace(Settings().proxy, port=11434))
    assert "take_over" not in items(of_service(settings=there))


def test_where_nothing_can_be_advised_it_is_said_why() -> None:
    unknown = advised(of_service(sample=None), RAG)
    assert [one.id for one in unknown.items] == ["queue", "store", "take_over"]
    assert [note.code for note in unknown.notes] == ["advise.memory_unknown"]


def test_without_models_the_queue_is_advised_and_the_pools_are_left() -> None:
    found = advised(without_models(), RAG).items
    assert [one.id for one in found if one.ticked] == ["queue"]
    assert "There are no models yet" in render(items(without_models())["pool.chat"].why)
    assert "the server that runs answers alone" in render(items(of_service(closed=True))["pool.chat"].why)


def test_nothing_is_advised_before_the_machine_is_known_or_without_ollama() -> None:
    assert advised(of_service(found_servers=None), RAG) == Advised()
    assert advised(machines.without_ollama(), RAG) == Advised()
