from ollama_panel.core.advice import report
from ollama_panel.core.advice.advise import advise
from ollama_panel.core.advice.uses import Use
from tests.core.advice.golden import EMBEDDING_MODEL, LLAMA_8B, MACHINES


def test_reasons_are_below_their_pool_and_sums_after_all_of_them() -> None:
    advice = advise(MACHINES["rtx-4070-12gb"], [LLAMA_8B, EMBEDDING_MODEL], Use.RAG, 6)
    lines = [(depth, line.code) for depth, line in report.lines(advice)]
    assert [code for depth, code in lines if depth == 0] == [
        "advise.machine",
        "advise.team",
        "advise.pool",
        "advise.pool_embedding",
        "advise.sum_margin",
        "advise.cache_default",
    ]
    assert (1, "advise.memory") in lines
    assert len(lines) == len(advice.lines) + sum(len(pool.lines) for pool in advice.pools) + len(advice.ways)
