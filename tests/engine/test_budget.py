"""The whole engine on servers whose logs tell more of the GPU than the machine does."""

from pathlib import Path

import pytest

from ollama_panel.core.ollama.sizes import parse_size
from ollama_panel.core.snapshot import BudgetSource, MemoryKind, Snapshot
from ollama_panel.engine.host.gpu import Cards
from ollama_panel.engine.host.gpu.main_memory import MainMemory
from ollama_panel.engine.overrides import Overrides
from tests.fakes.live_engine import answers, chat_pool, live, settings

pytestmark = pytest.mark.usefixtures("fast")
SIMULATED = parse_size("23.6 GiB")
"""The card that the simulated Ollama names."""


async def test_a_card_that_only_ollama_finds_is_the_memory_of_the_models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main = MainMemory()
    monkeypatch.setattr(Cards, "find", lambda: Cards(None, main))
    program = a_program(tmp_path)
    wanted = settings(("ollama.binary", program), pools=chat_pool())
    async with live(tmp_path, wanted, Overrides(port=0), simulated=program) as panel:
        snapshot = await panel.until(
            lambda one: one.sample and one.sample.budget and one.sample.budget.source is BudgetSource.LOG
        )
        assert snapshot.gpu
        assert snapshot.sample.memory_kind is MemoryKind.GPU
        assert snapshot.sample.memory_name == "NVIDIA GeForce RTX 4090"
        assert snapshot.sample.budget.total == SIMULATED
        known = panel.composition.dispatcher.state.fleet.memory
        assert (known.total, known.gpu, known.spill) == (SIMULATED, True, main.read().total)


@pytest.mark.parametrize(("profile", "cards", "shared"), [("rtx-4090", False, False), ("cpu", True, True)])
async def test_workers_divide_the_cores_if_ollama_runs_models_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, profile: str, cards: bool, shared: bool
) -> None:
    """Whatever the drivers say: one without a card that the log names, and one of a card that Ollama does not use."""
    main = MainMemory()
    monkeypatch.setattr(Cards, "find", lambda: Cards(main if cards else None, main))
    monkeypatch.setenv("OLLAMA_SIM_PROFILE", profile)
    program = a_program(tmp_path)
    wanted = settings(("ollama.binary", program), pools=chat_pool(workers=2))
    async with live(tmp_path, wanted, Overrides(port=0), simulated=program) as panel:
        await panel.until(lambda one: one.gpu is not shared and one.instances and all(map(answers, one.instances)))

        def divided(_: Snapshot) -> set[bool]:
            return {"LLAMA_ARG_THREADS" in spec.environment for spec in panel.composition.fleet.specs().values()}

        await panel.until(lambda one: divided(one) == {shared} and all(map(answers, one.instances)))


def a_program(folder: Path) -> str:
    """Return a program that is taken for the simulated Ollama."""
    program = folder / "ollama"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    return str(program)


async def test_the_memory_of_a_demonstration_is_that_of_its_simulated_card(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool()), Overrides(port=0, demo=True)) as panel:
        snapshot = await panel.until(lambda one: one.sample and one.sample.budget)
        assert snapshot.sample.budget.total == SIMULATED
