"""What limits the models of a pool, and how its SLO is kept, on its card and among the instances."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ollama_panel.core.limits import LimitReason, ModelLimit, SloRecord
from ollama_panel.core.notices import notice
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.gui.models.instances import LOAD, instance_table
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.limit_line import LimitLine
from tests.gui.snapshots import LLAMA, instances

SLO = SloRecord(first_token_s=2.0, tokens_per_s=20.0, kept=0.97, counted=200)
SLOTS = ModelLimit(LLAMA, 8, 8, LimitReason.SLOTS, notice("limit.slots", limit=8, slots=8))
BOUND = ModelLimit(LLAMA, 4, 8, LimitReason.SLO, notice("limit.slo_tokens", limit=4, slots=8, rate=20.0))


def limited(*limits: ModelLimit) -> InstanceRecord:
    return replace(instances()[0], limits=limits)


@pytest.fixture
def line(qtbot: QtBot, theme: Theme) -> LimitLine:
    made = LimitLine()
    qtbot.addWidget(made)
    return made


def test_a_pool_that_promises_nothing_and_that_only_its_slots_limit_has_no_line(line: LimitLine) -> None:
    line.show_pool(None, [limited(SLOTS)])
    assert line.isHidden()


def test_the_targets_are_shown_with_the_share_that_met_them(line: LimitLine) -> None:
    line.show_pool(SLO, [])
    assert line.text() == "SLO first token in 2.0 s, 20 tokens/s: kept by 97 % of the last 200"
    assert not line.property("tone")
    line.show_pool(replace(SLO, kept=None, first_token_s=None), [])
    assert line.text() == "SLO 20 tokens/s: no request yet"


def test_one_that_is_missed_stands_out(line: LimitLine) -> None:
    line.show_pool(replace(SLO, kept=0.9), [])
    assert line.property("tone") == "warn"


def test_a_limit_below_the_slots_is_shown_once_with_its_reason(line: LimitLine) -> None:
    line.show_pool(None, [limited(BOUND), limited(BOUND), limited(SLOTS)])
    assert line.text() == "4 of 8 slots: the SLO of 20 tokens/s"


def test_the_list_of_instances_says_it_of_each_model(qtbot: QtBot, theme: Theme) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    table = instance_table(parent)
    table.show_records([limited(BOUND)])
    tip = table.index(0, LOAD).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == f"{LLAMA}: 4 of 8 slots: the SLO of 20 tokens/s"
