from ollama_panel.core.ids import PoolName
from ollama_panel.core.importing.draft import REFUSED, Draft
from ollama_panel.core.importing.groups import Group
from ollama_panel.core.notices import notice
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.sources.record import Place
from tests.core.importing.servers import assigned


def group(name: str, role: Role, *, said: bool = True) -> Group:
    return Group(PoolName(name), role, said, (), ())


def test_a_new_pool_has_what_new_ones_of_its_role_have() -> None:
    draft = Draft(Settings())
    made = draft.begin_pool(group("vectors", Role.EMBEDDING))
    assert (made.role, made.parallel, made.context_length) == (Role.EMBEDDING, 1, 2048)
    assert draft.settings.pools[-1] == made


def test_a_pool_that_is_there_gets_another_role_only_if_a_name_says_so() -> None:
    draft = Draft(Settings())
    draft.begin_pool(group("chat", Role.CODE, said=False))
    assert (draft.settings, draft.taken) == (Settings(), [])
    draft.begin_pool(group("chat", Role.CODE))
    assert draft.settings.pools[0].role is Role.CODE
    assert draft.taken[0].key == "pools.chat.role"


def test_a_refused_value_changes_nothing_and_is_told_at_each_of_its_lines() -> None:
    draft = Draft(Settings())
    given = assigned({"OLLAMA_NUM_PARALLEL": "0", "OLLAMA_DEBUG": "1"})
    draft.put_variable("pools.chat.parallel", 0, "import.parallel", given, pool="chat")
    assert draft.settings == Settings()
    assert [(one.code, one.place.line) for one in draft.wrong] == [(REFUSED, 2), (REFUSED, 3)]


def test_a_place_that_the_settings_do_not_know_is_told_too() -> None:
    draft = Draft(Settings())
    assert not draft.put("proxy.host", "nowhere at all", notice("import.offer_network", host="?"), [Place("a", 3)])
    assert draft.wrong[0].place == Place("a", 3)


def test_a_value_whose_bytes_are_no_text_is_wrong_instead_of_another_one() -> None:
    draft = Draft(Settings())
    draft.put_variable("ollama.models_dir", "/m\ufffd", "import.store", assigned({"OLLAMA_MODELS": "/m\ufffd"}))
    assert draft.settings == Settings()
    assert [(one.told.code, one.place.line) for one in draft.wrong] == [("import.no_text", 2)]
