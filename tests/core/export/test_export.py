"""Tests of all targets."""

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export import render, targets
from ollama_panel.core.launch import plan_instances
from ollama_panel.core.settings.tree import Settings
from tests.core.export.samples import OLLAMA, exported, instances, pools

IDS = [target.id for target in targets()]


def test_every_target_has_its_own_id_and_file_name() -> None:
    files = {exported(target, pools()).filename for target in IDS}
    assert len(set(IDS)) == len(files) == len(IDS)


@pytest.mark.parametrize("target", IDS)
def test_every_export_says_where_it_comes_from_and_what_to_do_with_it(target: str) -> None:
    export = exported(target, pools())
    assert "Made by Ollama Panel 1.2.3 on 2026-11-23" in export.text
    assert "pool chat (chat): 2 workers, parallel 4, context 8192" in export.text
    assert "pool embed (embedding): 1 worker, parallel 1, context 2048" in export.text
    assert export.how_to_use.endswith(".")


@pytest.mark.parametrize("target", IDS)
def test_every_export_carries_the_parallel_and_context_of_a_pool(target: str) -> None:
    text = exported(target, pools(workers=1)).text
    assert "OLLAMA_NUM_PARALLEL" in text
    assert "8192" in text


@pytest.mark.parametrize("target", IDS)
def test_the_same_settings_give_the_same_text(target: str) -> None:
    assert exported(target, pools()) == exported(target, pools())


def test_an_unknown_target_is_answered_with_those_that_exist() -> None:
    with pytest.raises(PanelError, match="'docker'; there are systemd, systemd-units, shell, json"):
        exported("docker", pools())


@pytest.mark.parametrize("target", IDS)
def test_without_a_worker_there_is_nothing_to_export(target: str) -> None:
    with pytest.raises(PanelError, match="no worker to export"):
        render(target, Settings(), (), version="1", date="today")


@pytest.mark.parametrize("target", ["systemd", "systemd-units", "shell"])
def test_an_invalid_variable_name_is_refused_in_a_sentence(target: str) -> None:
    settings = pools({"BAD NAME": "1"})
    with pytest.raises(PanelError, match="'BAD NAME' in the environment of pool chat is not a variable name"):
        render(target, settings, instances(settings), version="1", date="today")


@pytest.mark.parametrize("target", IDS)
@pytest.mark.parametrize("gpu", [True, False])
def test_a_share_of_the_cores_is_said_to_be_of_this_machine(target: str, gpu: bool) -> None:
    planned = plan_instances(pools(), OLLAMA, cores=8, gpu=gpu)
    export = render(target, pools(), planned, version="1", date="today")
    assert ("the cores of this machine" in export.how_to_use) is not gpu
