"""Tests of all targets."""

import re

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export import Export, render, targets
from ollama_panel.core.export.deployment import Aspect, Group, Target
from ollama_panel.core.ids import PoolName
from ollama_panel.core.launch import plan_instances
from ollama_panel.core.notices.render import render as english
from ollama_panel.core.settings.tree import Settings
from tests.core.export.samples import OLLAMA, exported, instances, pools

IDS = [target.id for target in targets()]

CARRIED = [target.id for target in targets() if Aspect.VARIABLES in target.carries]


def has_names(target: Target) -> bool:
    """Return whether a target has variables whose names another program must accept."""
    return Aspect.VARIABLES in target.carries and target.group is not Group.PROGRAM


def test_every_target_has_its_own_id_and_file_name() -> None:
    files = {exported(target, pools()).files[0].name for target in IDS}
    assert len(set(IDS)) == len(files) == len(IDS)


@pytest.mark.parametrize("target", IDS)
def test_every_export_says_where_it_comes_from_and_what_to_do_with_it(target: str) -> None:
    export = exported(target, pools())
    assert "Made by Ollama Panel 1.2.3 on 2026-11-23" in export.text
    assert "pool chat (chat): 2 workers, parallel 4, context 8192" in export.text
    assert "pool embed (embedding): 1 worker, parallel 1, context 2048" in export.text
    assert english(export.instructions).endswith(".")


@pytest.mark.parametrize("target", CARRIED)
def test_every_export_carries_the_parallel_and_context_of_a_pool(target: str) -> None:
    text = exported(target, pools(workers=1)).text
    assert "OLLAMA_NUM_PARALLEL" in text
    assert "8192" in text


@pytest.mark.parametrize("target", IDS)
def test_the_same_settings_give_the_same_text(target: str) -> None:
    assert exported(target, pools()) == exported(target, pools())


def test_an_unknown_target_is_answered_with_those_that_exist() -> None:
    with pytest.raises(PanelError, match=r'"xml"; there are systemd, systemd-units, .* and json'):
        exported("xml", pools())


@pytest.mark.parametrize("target", IDS)
def test_without_a_worker_there_is_nothing_to_export(target: str) -> None:
    with pytest.raises(PanelError, match="no worker to export"):
        render(target, Settings(), (), version="1", date="today")


@pytest.mark.parametrize("target", [target.id for target in targets() if has_names(target)])
def test_an_invalid_variable_name_is_refused_in_a_sentence(target: str) -> None:
    settings = pools({"BAD NAME": "1"})
    with pytest.raises(PanelError, match='"BAD NAME" in the environment of pool chat is not a variable name'):
        render(target, settings, instances(settings), version="1", date="today")


WHY = "LLAMA_ARG_THREADS divides the cores of this machine"


def without_gpu(target: str, settings: Settings) -> Export:
    planned = plan_instances(settings, OLLAMA, cores=8, gpu=False)
    return render(target, settings, planned, version="1", date="today")


@pytest.mark.parametrize("target", CARRIED)
@pytest.mark.parametrize("settings", [Settings(), pools(workers=1), pools(workers=0)])
def test_one_worker_of_each_role_keeps_all_cores_wherever_it_is_exported_to(target: str, settings: Settings) -> None:
    export = without_gpu(target, settings)
    assert "LLAMA_ARG_THREADS" not in export.text + english(export.instructions)


@pytest.mark.parametrize("target", ["systemd-units", "shell", "json"])
def test_several_workers_of_one_role_are_exported_with_their_share_of_the_cores_and_why(target: str) -> None:
    export = without_gpu(target, pools(workers=2))
    assert len(re.findall('LLAMA_ARG_THREADS(?:=|": )', export.text)) == 3
    assert WHY in export.text
    assert WHY in english(export.instructions)


@pytest.mark.parametrize("target", ["systemd-units", "shell", "json"])
def test_two_pools_with_one_role_share_the_cores_too(target: str) -> None:
    chat, embedding = pools(workers=1).pools
    settings = Settings(pools=(chat, msgspec.structs.replace(chat, name=PoolName("second")), embedding))
    assert WHY in without_gpu(target, settings).text


def test_a_drop_in_is_for_one_worker_which_keeps_all_cores() -> None:
    export = without_gpu("systemd", pools(workers=2))
    assert "LLAMA_ARG_THREADS" not in export.text + english(export.instructions)


@pytest.mark.parametrize("target", IDS)
def test_with_a_gpu_there_are_no_shares(target: str) -> None:
    export = exported(target, pools(workers=3))
    assert "LLAMA_ARG_THREADS" not in export.text + english(export.instructions)


@pytest.mark.parametrize("target", CARRIED)
def test_the_threads_that_a_pool_asks_for_itself_are_exported(target: str) -> None:
    export = without_gpu(target, pools({"LLAMA_ARG_THREADS": "7"}, workers=1))
    assert "LLAMA_ARG_THREADS" in export.text
    assert "divides" not in export.text + english(export.instructions)
