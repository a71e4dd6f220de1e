"""Which servers have the same store, and what is said of each store."""

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.stores import MANAGED, Access, Found, Service, Use, closed, records, store_ids

CHAT, EMBEDDING = InstanceId("chat-1"), InstanceId("embedding-1")
SERVICE, BY_HAND = InstanceId("adopted-11434"), InstanceId("adopted-20001")
OWN, THEIRS = "/home/alice/.ollama/models", "/usr/share/ollama/.ollama/models"
MODEL = ModelName("llama3.1:8b")


def worker(name: InstanceId, path: str = OWN) -> Use:
    return Use(name, True, path, path, Found.HOME)


def server(name: InstanceId, path: str = THEIRS, found: Found = Found.HOME) -> Use:
    return Use(name, False, path, path, found, Service("ollama", "ollama", unit="ollama.service"))


def test_workers_have_one_store_and_a_service_another() -> None:
    assert store_ids([worker(CHAT), worker(EMBEDDING), server(SERVICE)]) == {
        CHAT: MANAGED,
        EMBEDDING: MANAGED,
        SERVICE: SERVICE,
    }


def test_servers_with_the_same_folder_have_one_store() -> None:
    known = server(SERVICE, OWN, Found.UNIT), server(BY_HAND, OWN, Found.LOG)
    assert store_ids([worker(CHAT), *known]) == {CHAT: MANAGED, SERVICE: MANAGED, BY_HAND: MANAGED}
    assert store_ids(known)[BY_HAND] == SERVICE


def test_a_folder_that_is_only_guessed_is_not_taken_for_that_of_another() -> None:
    """Of two servers of one user, whose variables nobody tells, one may have a folder elsewhere."""
    uses = [worker(CHAT, THEIRS), server(SERVICE), server(BY_HAND)]
    assert store_ids(uses) == {CHAT: MANAGED, SERVICE: SERVICE, BY_HAND: BY_HAND}
    access = {THEIRS: Access(True, models=(MODEL,))}
    shared, other = records(uses, access, {MANAGED: (MODEL,), SERVICE: (MODEL,), BY_HAND: (ModelName("other:1b"),)})
    assert (shared.instances, shared.path) == ((CHAT, SERVICE), THEIRS), "they have the same models"
    assert (other.instances, other.path) == ((BY_HAND,), "")


def test_a_folder_that_the_workers_cannot_read_is_no_store_that_they_share() -> None:
    shut = [Use(name, True, THEIRS, THEIRS, Found.SETTINGS, closed=True) for name in (CHAT, EMBEDDING)]
    uses = [*shut, server(SERVICE, found=Found.UNIT)]
    assert store_ids(uses) == {CHAT: MANAGED, EMBEDDING: MANAGED, SERVICE: SERVICE}
    assert closed(uses) == {MANAGED}
    assert closed([worker(CHAT), server(SERVICE)]) == set()


def test_a_pool_with_a_folder_of_its_own_has_a_store_of_its_own() -> None:
    assert store_ids([worker(CHAT), worker(EMBEDDING, "/data")]) == {CHAT: MANAGED, EMBEDDING: EMBEDDING}


def test_a_server_whose_folder_is_unknown_has_a_store_of_its_own() -> None:
    unknown = server(SERVICE, "", Found.UNKNOWN)
    assert store_ids([worker(CHAT, ""), unknown]) == {CHAT: MANAGED, SERVICE: SERVICE}
    assert records([unknown], {}, {})[0].readable is None


def test_a_store_says_who_uses_it_and_what_is_in_it() -> None:
    own, theirs = records(
        [worker(CHAT), worker(EMBEDDING), server(SERVICE)],
        {OWN: Access(True, True), THEIRS: Access(readable=False)},
        {MANAGED: (), SERVICE: (MODEL,)},
    )
    assert (own.instances, own.models, own.readable, own.adopted) == ((CHAT, EMBEDDING), (), True, ())
    assert (theirs.instances, theirs.models, theirs.readable) == ((SERVICE,), (MODEL,), False)
    assert theirs.path == THEIRS
    assert not theirs.managed


def test_a_folder_without_models_is_not_that_of_a_server_with_models() -> None:
    """What follows from the home of a user is a guess: the service's own settings may say otherwise."""
    other = Access(True, models=(ModelName("former:latest"),))
    for access in (Access(True), Access(missing=True), other):
        (found,) = records([server(SERVICE)], {THEIRS: access}, {SERVICE: (MODEL,)})
        assert (found.path, found.found, found.access) == ("", Found.UNKNOWN, None)
    (found,) = records([server(SERVICE)], {THEIRS: Access(True, models=(*other.models, MODEL))}, {SERVICE: (MODEL,)})
    assert found.path == THEIRS
