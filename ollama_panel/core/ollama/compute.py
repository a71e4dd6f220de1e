"""The scratch memory of one batch: the largest set of intermediate results that exist at the same time.

llama.cpp and Ollama's own engine plan it for the worst batch when a model is loaded and share it between the layers, so
it is the maximum over the steps of a layer and the output, not their sum. The rows were fitted to the recorded sizes of
Ollama 0.9, 0.24 and 0.32 (llama and BERT models, within 4 %). Models with windows, experts, recurrent layers and
compressed caches were measured with llama.cpp of October 2026, which takes 4 to 12 % more. Not counted: that each of
several GPUs has such a buffer, the output layer that a GPU borrows when it is not placed there (up to 0.24), and the
encoder of pictures.
"""

from ollama_panel.core.ollama.engines import Engine
from ollama_panel.core.ollama.kvcache import has_cache
from ollama_panel.core.ollama.models import ModelFacts

_DEFAULT_BATCH = 512
_EMBEDDING_BATCH = 2048


def batch_size(
    facts: ModelFacts, context: int, parallel: int, engine: Engine, *, embedding: bool, asked: int | None = None
) -> int:
    """Return the tokens of a batch: the `asked` ones, else what Ollama chooses if memory is ample.

    Sources: from 0.30 on `server/sched.go generationBatchForContext` and `llm/llama_server.go
    DefaultEmbeddingNumBatchForContext`; before, `api/types.go DefaultOptions`.
    A batch never exceeds the context of all slots (llama.cpp `llama-context.cpp`), before that of one.
    """
    if wanted := asked_batch(asked, context, embedding=embedding):
        return min(wanted, context * parallel if engine is Engine.LLAMA_SERVER else context)
    if engine is not Engine.LLAMA_SERVER:
        return min(_DEFAULT_BATCH, context)
    if embedding:
        return min(_EMBEDDING_BATCH, context)
    tokens = context * parallel
    if tokens <= 4096:
        return _DEFAULT_BATCH
    return 2048 if tokens > 32768 else 1024


def asked_batch(asked: int | None, context: int | None, *, embedding: bool) -> int | None:
    """Return the `num_batch` with which a model is loaded if `asked` tokens are wanted, None = Ollama decides.

    The input of an embedding must fit into one batch, or it is refused (llama.cpp `server-context.cpp`, "too large to
    process"): an embedding model gets no less than Ollama's own for its `context`, None = unknown.
    """
    if asked and embedding:
        return max(asked, min(_EMBEDDING_BATCH, context or _EMBEDDING_BATCH))
    return asked or None


def compute_bytes(
    facts: ModelFacts,
    context: int,
    parallel: int,
    batch: int,
    engine: Engine = Engine.LLAMA_SERVER,
    *,
    flash: bool,
    shared: bool = False,
) -> int | None:
    """Return the bytes of the compute buffer for a batch of `batch` tokens, or None if facts are missing.

    `context` is in tokens per slot; `shared`: a token is compared with the cells of all slots, not of its own alone
    (`engines.shares_cells`; measured with four slots and with one). Numbers are f32, those of a mask f16 with flash
    attention.
    """
    width = facts.embedding_length
    if width is None:
        return None
    if not has_cache(facts):
        return batch * (4 * (3 * width + (facts.feed_forward or 4 * width)) + 2 * batch)
    wide = 3 * _feed_forward(facts, width)
    if flash and engine is Engine.LLAMA_RUNNER:
        # It makes the mask in f32: at the first layer it has both, and at others it cannot always reuse the place.
        rows = [4 * (3 * width + wide) + 2 * context, 4 * wide + 10 * width + 4 * context, 16 * width + 6 * context]
    else:
        rows = [4 * (4 * width + wide) + 2 * context]
    if not flash:
        rows.append(4 * (5 * width + (context * parallel if shared else context) * ((facts.heads or 0) + 1)))
    if engine is Engine.LLAMA_RUNNER and facts.vocabulary:
        # It reserves the output for every token of the batch; the others for the last of each slot.
        rows.append(4 * (2 * width + facts.vocabulary))
    return batch * max(rows)


def _feed_forward(facts: ModelFacts, width: int) -> int:
    """Return the numbers of a token in the widest feed-forward layer: of all experts that it is sent to."""
    experts = (facts.experts_used or 0) * (facts.expert_feed_forward or facts.feed_forward or 0)
    return max(experts, facts.feed_forward or 0) or 4 * width
