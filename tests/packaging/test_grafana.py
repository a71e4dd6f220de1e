"""The Grafana dashboard asks for nothing that a running panel does not export."""

import itertools
import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from grafana import dashboard
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.limits import SloRecord
from ollama_panel.core.snapshot import RequestState
from ollama_panel.core.telemetry import InstanceReading, SystemReading, Telemetry
from ollama_panel.engine.metrics import exposition
from tests.core.history.test_finished import kept
from tests.engine.test_metrics_sensors import CARD
from tests.fakes.live_engine import live

SHIPPED: dict[str, Any] = json.loads(dashboard.FILE.read_text(encoding="utf-8"))
EXPRESSIONS = [target["expr"] for panel in SHIPPED["panels"] for target in panel.get("targets", ())]
VARIABLES = [one["query"] for one in SHIPPED["templating"]["list"] if one["type"] == "query"]
NAME = re.compile(r"\bollama_panel_\w+")


def test_the_file_is_the_one_that_the_program_writes() -> None:
    assert dashboard.FILE.read_text(encoding="utf-8") == dashboard.text()


async def test_every_metric_and_label_is_exported_by_a_running_panel(tmp_path: Path) -> None:
    async with live(tmp_path) as panel:
        await panel.ready()
        assert (await panel.chat(stream=True)).status_code == 200
        composition = panel.composition
        assert composition is not None
        statistics = composition.history.statistics
        assert sum(statistics.output_tokens.values()) > 0, "a served request is counted"
        refused = msgspec.structs.replace(kept(state=RequestState.REFUSED), code="queue.full")
        statistics.observe(refused)
        await panel.client.get(panel.snapshot.proxy.url + "/panel/v1/settings")  # without a key
        reading = InstanceReading(InstanceId("chat-1"), 7, 250.0)
        sensors = Telemetry(1.0, SystemReading(12.5, 10, 20, 0, 5), (CARD,), (reading,))
        pools = tuple(msgspec.structs.replace(one, slo=SloRecord(kept=0.9)) for one in panel.snapshot.pools)
        shown = msgspec.structs.replace(panel.snapshot, telemetry=sensors, cut={kept().model: 1}, pools=pools)
        page = exposition(shown, statistics).decode()
    exported = {
        sample.name: set(sample.labels) for family in text_string_to_metric_families(page) for sample in family.samples
    }
    for expression in (*EXPRESSIONS, *VARIABLES):
        (name,) = NAME.findall(expression)
        assert name in exported
        asked = {*re.findall(r"(\w+)=~", expression), *_grouped(expression)}
        assert asked <= exported[name], expression


def _grouped(expression: str) -> list[str]:
    by = re.search(r"by \(([^)]*)\)", expression)
    values = re.search(r"label_values\(\w+, (\w+)\)", expression)
    return [*(by[1].split(", ") if by else ()), *([values[1]] if values else ())]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_closes_what_it_opens(expression: str) -> None:
    for opening, closing in ("()", "{}", "[]"):
        assert expression.count(opening) == expression.count(closing)


def test_panels_have_numbers_of_their_own_and_do_not_lie_on_each_other() -> None:
    panels = SHIPPED["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken = [
        (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
        for panel in panels
        for x, y in itertools.product(range(panel["gridPos"]["w"]), range(panel["gridPos"]["h"]))
    ]
    assert len(set(taken)) == len(taken)
    assert max(x for x, _ in taken) < 24, "a dashboard is 24 columns wide"
