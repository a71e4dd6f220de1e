"""Every line of the cases holds, and the check sees one that does not."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cases import check, forecasts

LEARNED = next(check.rows(check.HERE, "learned"))
LINES = [(name, row) for name in check.CHECKS for row in check.rows(check.HERE, name)]


@pytest.mark.parametrize(("name", "row"), LINES, ids=[name for name, _ in LINES])
def test_a_line_holds(name: str, row: dict[str, Any]) -> None:
    assert check.wrong(name, row) == ""


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("serverlog", {"fact": "Failure"}),
        ("alerts", {"alert": "gpu-lost"}),
        ("alerts", {"values": {"limit": 1}}),
        ("loads", {"kv_mib": 25.0}),
        *(
            ("loads_full", {"right": {key: value}})
            for key, value in {
                "kv_mib": 85.0,
                "kv_device_mib": {"CUDA0": 84.0},
                "weights_mib": {"CUDA0": 700.5},
                "compute_mib": {"CUDA0": 120.0, "CUDA_Host": 8.1},
                "total_on_gpu_mib": 860.0,
                "layers": 22,
                "context_per_slot": 4096,
            }.items()
        ),
        *(
            ("effective", {"right": {key: value}})
            for key, value in {
                "parallel": 4,
                "kv_mib": 120.0,
                "kv_device_mib": {"CUDA0": 105.0},
                "weights_mib": {"CPU_Mapped": 2400.0},
                "flash_attention": False,
                "layers": 24,
                "devices": ["CPU"],
                "wanted": {"threads": 3},
                "source": {"threads": "environment"},
                "why_not": {},
            }.items()
        ),
        ("show", {"kv_mib": 17.0}),
        ("compute", {"compute_mib": 17.0}),
        ("forecasts", {"right": {"parallel": 1, "context_per_slot": 16384, "kv_mib": 100.0}}),
        ("forecasts", {"facts": {}}),
        ("learned", {"loads": [{**LEARNED["loads"][0], "kv_mib": 9.0}, *LEARNED["loads"][1:]]}),
        ("machines", {"total": 1 << 40}),
        ("environment", {"problem": True}),
    ],
)
def test_a_line_that_does_not_hold_is_seen(name: str, change: dict[str, Any]) -> None:
    row = next(check.rows(check.HERE, name))
    assert check.wrong(name, row | change) != ""


def test_a_line_that_makes_the_product_fail_is_a_wrong_one() -> None:
    assert check.wrong("loads", {"lines": [], "kv_mib": 1}).startswith("KeyError")


def test_the_command_counts_and_names_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [{"name": "OLLAMA_NUM_PARALLEL", "value": value, "problem": False} for value in ("4", "four")]
    (tmp_path / "environment.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    monkeypatch.setattr(sys, "argv", ["check", "--cases", str(tmp_path), "-v"])
    assert check.main() == 1
    summary, failure = capsys.readouterr().out.splitlines()
    assert summary.split() == ["environment", "1", "of", "2", "hold"]
    assert "complains: OLLAMA_NUM_PARALLEL" in failure


def test_the_command_prints_how_far_each_forecast_is_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of whole loads has another name for the same lines."""
    (tmp_path / "loads_full.jsonl").write_text((check.HERE / "forecasts.jsonl").read_text())
    monkeypatch.setattr(sys, "argv", ["check", "--cases", str(tmp_path), "--only", "forecasts", "-v"])
    assert check.main() == 0
    first, *rows, last = capsys.readouterr().out.splitlines()
    assert first.split()[-1] == "hold"
    assert all("%" in row for row in rows)
    assert last.split()[:2] == ["total:", "median"]


@pytest.mark.parametrize("published", forecasts.PUBLISHED, ids=lambda one: one["name"])
def test_published_facts_complete_a_line_whose_log_dumps_none(published: dict[str, Any]) -> None:
    right = {"parallel": 1, "context_per_slot": 8192, "kv_mib": 0}
    row = {"name": published["name"], "ollama": "0.21.0", "facts": {}, "right": right}
    assert forecasts.forecast(row).kv
    assert forecasts.forecast(row | {"name": "another"}).kv is None
