"""A GraphRAG program indexes a text through the panel with its own concurrency; not one of its calls fails.

It takes minutes: a tiny model has a token for each letter of LightRAG's long prompts.
"""

import importlib.util
from pathlib import Path

import pytest

from tests.fakes.panel_process import PanelProcess
from tests.fakes.programs import answers_of
from tests.fakes.tiny_gguf import BERT_WIDTH
from tests.real.conftest import EMBEDDING, LONG
from tests.real.test_contexts import settings

LIMIT_S = 1200

pytestmark = [
    pytest.mark.timeout(LIMIT_S + 60),
    pytest.mark.skipif(
        importlib.util.find_spec("lightrag") is None, reason="lightrag is not installed (pip install lightrag-hku)"
    ),
]


async def test_lightrag_indexes_a_text_without_a_failed_call(tmp_path, ollama, store, record_testsuite_property):
    arguments = ("--ollama", str(ollama))
    async with PanelProcess(tmp_path / "state", settings(store), arguments, {"HOME": store["HOME"]}) as panel:
        await panel.ready()
        (found,) = await answers_of(
            Path(__file__).with_name("graphrag_client.py"),
            *(panel.url, LONG, EMBEDDING, str(BERT_WIDTH), str(tmp_path / "index")),
            limit_s=LIMIT_S,
        )
    record_testsuite_property("graphrag", found)
    assert found["failures"] == []
    assert found["documents"] == {"processed": 4}
    assert found["calls"]["/api/chat"] >= 24
    assert found["calls"]["/api/embed"] >= 12
