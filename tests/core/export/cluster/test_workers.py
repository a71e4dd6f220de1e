"""The names of pools in a cluster, and their variables."""

from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.export.cluster.workers import escaped, labels
from ollama_panel.core.ids import PoolName
from ollama_panel.core.launch import plan_instances
from ollama_panel.core.settings.tree import PoolSettings, Settings
from tests.core.export.cluster.kubelet import expanded

pool_names = st.from_regex(r"\A[a-z][a-z0-9_-]{0,31}\Z")


@given(st.lists(pool_names, unique=True, min_size=1, max_size=6), st.frozensets(pool_names, max_size=3))
def test_each_pool_has_a_label_of_its_own(pools: list[str], taken: frozenset[str]) -> None:
    settings = Settings(pools=tuple(PoolSettings(PoolName(name)) for name in pools))
    found = labels(plan_instances(settings, ["ollama"], 8, gpu=True), taken)
    assert list(found) == pools
    assert len(set(found.values())) == len(pools)
    for label in found.values():
        assert label not in taken
        assert len(label) <= 63
        assert label[0].isalnum()
        assert label[-1].isalnum()
        assert set(label) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@given(st.text(st.sampled_from("$()AB "), max_size=20))
def test_escaping_is_what_the_kubelet_takes_back(text: str) -> None:
    assert expanded(escaped(text), {"A": "1", "B": "2"}) == text
