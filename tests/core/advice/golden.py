"""The advice for twelve machines and six sets of models, as text that people can judge; one file for each machine.

    python -m tests.core.advice.golden

writes the files anew. Read what has changed before it is committed.
"""

from pathlib import Path

import msgspec

from ollama_panel.core.advice import report
from ollama_panel.core.advice.advise import advise
from ollama_panel.core.advice.machines import MachineFacts, described
from ollama_panel.core.advice.result import Advice
from ollama_panel.core.advice.typical import CHAT_MODELS, EMBEDDING_MODEL
from ollama_panel.core.advice.uses import Use
from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.models import ModelFacts

FOLDER = Path(__file__).with_name("machines")

MACHINES: dict[str, MachineFacts] = {
    "mac-m2-8gb": described("8GiB", ["M2"], 8),
    "mac-m4-16gb": described("16GiB", ["M4"], 10),
    "mac-m3-pro-36gb": described("36GiB", ["M3 Pro"], 12),
    "mac-m4-max-64gb": described("64GiB", ["M4 Max"], 16),
    "mac-m2-ultra-192gb": described("192GiB", ["M2 Ultra"], 24),
    "gtx-1060-6gb": described("16GiB", ["GTX 1060 6GiB"], 8),
    "rtx-4060-8gb": described("16GiB", ["RTX 4060 8GiB"], 12),
    "rtx-4070-12gb": described("32GiB", ["RTX 4070 12GiB"], 16),
    "rtx-4090-24gb": described("64GiB", ["RTX 4090 24GiB"], 16),
    "two-rtx-4090-48gb": described("128GiB", ["2x RTX 4090 24GiB"], 32),
    "a100-80gb": described("256GiB", ["A100 80GiB"], 64),
    "cpu-16gb": described("16GiB", [], 8),
}

_1B, LLAMA_3B, LLAMA_8B, _14B, _32B, LLAMA_70B = CHAT_MODELS
LLAMA_F16 = msgspec.structs.replace(
    LLAMA_8B, name=ModelName("llama3.1:8b-instruct-fp16"), size=16_100_000_000, quantization="F16"
)
GPT_OSS = ModelFacts(
    ModelName("gpt-oss:20b"),
    size=13_800_000_000,
    family="gptoss",
    architecture="gptoss",
    capabilities=("completion", "tools", "thinking"),
    layers=24,
    embedding_length=2880,
    heads=64,
    kv_heads=(8,),
    key_length=64,
    value_length=64,
    sliding_window=128,
    feed_forward=2880,
    expert_feed_forward=2880,
    experts_used=4,
    vocabulary=201088,
    context_trained=131072,
    parameter_size="20.9B",
    quantization="MXFP4",
    complete=True,
)
GEMMA_12B = ModelFacts(
    ModelName("gemma3:12b"),
    size=8_150_000_000,
    family="gemma3",
    architecture="gemma3",
    capabilities=("completion", "vision"),
    layers=48,
    embedding_length=3840,
    heads=16,
    kv_heads=(8,),
    key_length=256,
    value_length=256,
    sliding_window=1024,
    feed_forward=15360,
    vocabulary=262208,
    context_trained=131072,
    parameter_size="12.2B",
    quantization="Q4_K_M",
    vision=True,
    complete=True,
)
QWEN35 = ModelFacts(  # nothing of its layout is known
    ModelName("qwen3.5:9b"),
    size=6_600_000_000,
    family="qwen35",
    capabilities=("completion",),
    context_trained=262144,
    parameter_size="9.7B",
    quantization="Q4_K_M",
)


class Case(msgspec.Struct, frozen=True):
    """A question: who asks it, and what is installed; `named` models must all be served."""

    title: str
    use: Use
    people: int
    models: tuple[ModelFacts, ...] = ()
    named: tuple[str, ...] = ()


CASES = (
    Case("1. One person chats; three Llamas are installed", Use.CHAT, 1, (LLAMA_3B, LLAMA_8B, LLAMA_70B)),
    Case("2. RAG for 6 people with an 8B model", Use.RAG, 6, (LLAMA_8B, EMBEDDING_MODEL)),
    Case("3. Coding agents of 2 people; no model is installed", Use.AGENT, 2),
    Case(
        "4. Chat for 30 people with two models, both wanted",
        Use.CHAT,
        30,
        (GPT_OSS, GEMMA_12B, LLAMA_8B),
        ("gpt-oss:20b", "gemma3:12b"),
    ),
    Case("5. Batch work with an 8B model in F16", Use.BATCH, 1, (LLAMA_F16,)),
    Case("6. RAG for 12 people with a family that runs singly, its layout unknown", Use.RAG, 12, (QWEN35,)),
)


def asked(machine: MachineFacts, case: Case) -> Advice:
    """Return the advice for a case."""
    return advise(machine, case.models, case.use, case.people, case.named)


def text(machine: MachineFacts) -> str:
    """Return the advice of all cases for a machine."""
    parts = []
    for case in CASES:
        parts += [case.title, "-" * len(case.title)]
        parts += ["    " * depth + render(line) for depth, line in report.lines(asked(machine, case))]
        parts.append("")
    return "\n".join(parts)


def main() -> None:
    """Write all files."""
    FOLDER.mkdir(exist_ok=True)
    for name, machine in MACHINES.items():
        (FOLDER / f"{name}.txt").write_text(text(machine), encoding="utf-8")


if __name__ == "__main__":
    main()
