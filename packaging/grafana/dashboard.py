"""Writes the Grafana dashboard anew: `python packaging/grafana/dashboard.py`.

A test compares the file with this, and the names of its metrics with those of a running panel.
"""

import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("ollama-panel.json")

_SOURCE = {"type": "prometheus", "uid": "${datasource}"}
_BY = 'pool=~"$pool",model=~"$model",class=~"$class"'
_WIDTH, _HEIGHT, _COLUMNS = 8, 8, 3

Query = tuple[str, str]
"""An expression of PromQL, with the legend of its series."""


def _quantiles(name: str, by: str = "model") -> list[Query]:
    rate = f"sum by (le, {by}) (rate(ollama_panel_{name}_bucket{{{_BY}}}[$__rate_interval]))"
    shares = ((0.5, "p50"), (0.95, "p95"))
    return [(f"histogram_quantile({share}, {rate})", f"{{{{{by}}}}} {legend}") for share, legend in shares]


def _rate(name: str, by: str, labels: str = "") -> Query:
    return f"sum by ({by}) (rate(ollama_panel_{name}{{{labels}}}[$__rate_interval]))", f"{{{{{by}}}}}"


ROWS: Sequence[tuple[str, Sequence[tuple[str, str, Sequence[Query]]]]] = (
    (
        "Requests",
        (
            ("Requests that end", "reqps", [_rate("requests_total", "outcome")]),
            ("Waiting", "short", [('ollama_panel_queued{pool=~"$pool"}', "{{pool}}")]),
            (
                "Running, of all slots",
                "short",
                [
                    ('sum by (pool) (ollama_panel_in_flight{pool=~"$pool"})', "{{pool}}"),
                    ('ollama_panel_slots{pool=~"$pool"}', "{{pool}} slots"),
                ],
            ),
            ("Refused, by reason", "reqps", [_rate("refused_total", "reason", 'pool=~"$pool",class=~"$class"')]),
            ("Tokens of answers per second", "short", [_rate("output_tokens_total", "model", _BY)]),
            ("SLO, share that met it", "percentunit", [('ollama_panel_slo_kept_ratio{pool=~"$pool"}', "{{pool}}")]),
            ("Tokens of prompts per second", "short", [_rate("prompt_tokens_total", "model", _BY)]),
        ),
    ),
    (
        "Times",
        (
            ("Time in the queue", "s", _quantiles("queue_seconds", "pool")),
            ("Time to the first token", "s", _quantiles("first_token_seconds")),
            ("Time per token", "s", _quantiles("token_seconds")),
            ("Time of a request", "s", _quantiles("request_seconds")),
            ("Requests by class", "reqps", [_rate("request_seconds_count", "class", _BY)]),
            (
                "Prompts that were cut",
                "short",
                [
                    (
                        'sum by (model) (increase(ollama_panel_prompts_cut_total{model=~"$model"}[$__rate_interval]))',
                        "{{model}}",
                    )
                ],
            ),
        ),
    ),
    (
        "Machine",
        (
            (
                "Memory where models live",
                "bytes",
                [
                    ("ollama_panel_memory_used_bytes", "used"),
                    ("ollama_panel_memory_budget_bytes", "for models"),
                    ("ollama_panel_memory_total_bytes", "total"),
                ],
            ),
            ("How busy the cards are", "percentunit", [("ollama_panel_gpu_utilization_ratio", "{{name}} {{gpu}}")]),
            ("Temperature of the cards", "celsius", [("ollama_panel_gpu_temperature_celsius", "{{name}} {{gpu}}")]),
            ("Power of the cards", "watt", [("ollama_panel_gpu_power_watts", "{{name}} {{gpu}}")]),
            ("How busy the processor is", "percentunit", [("ollama_panel_cpu_utilization_ratio", "cores")]),
            (
                "Main memory of instances",
                "bytes",
                [("ollama_panel_instance_resident_memory_bytes", "{{instance}}")],
            ),
        ),
    ),
    (
        "Panel",
        (
            ("Instances that answer", "short", [('ollama_panel_instance_up{pool=~"$pool"}', "{{instance}}")]),
            (
                "Starts that nobody asked for",
                "short",
                [('increase(ollama_panel_restarts_total{pool=~"$pool"}[$__rate_interval])', "{{instance}}")],
            ),
            (
                "Connections",
                "short",
                [("ollama_panel_connections", "open"), ("ollama_panel_connections_limit", "most")],
            ),
            ("Errors of the panel, by code", "reqps", [_rate("errors_total", "code")]),
            (
                "Rows that the history lacks",
                "short",
                [("increase(ollama_panel_history_dropped_total[$__rate_interval])", "rows")],
            ),
        ),
    ),
)


def dashboard() -> dict[str, Any]:
    """Return the dashboard, as Grafana imports it."""
    return {
        "uid": "ollama-panel",
        "title": "Ollama Panel",
        "tags": ["ollama", "llm"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "templating": {"list": [*_variables()]},
        "panels": [*_panels()],
    }


def _variables() -> Iterator[dict[str, Any]]:
    yield {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus"}
    for name, query in (
        ("pool", "label_values(ollama_panel_slots, pool)"),
        ("model", "label_values(ollama_panel_request_seconds_count, model)"),
        ("class", "label_values(ollama_panel_request_seconds_count, class)"),
    ):
        yield {
            "name": name,
            "label": name.capitalize(),
            "type": "query",
            "datasource": _SOURCE,
            "query": query,
            "refresh": 2,
            "includeAll": True,
            "multi": True,
            "allValue": ".*",
            "current": {"text": "All", "value": "$__all"},
        }


def _panels() -> Iterator[dict[str, Any]]:
    numbers, top = itertools.count(1), 0
    for title, panels in ROWS:
        place = {"x": 0, "y": top, "w": _WIDTH * _COLUMNS, "h": 1}
        yield {"id": next(numbers), "type": "row", "title": title, "gridPos": place, "panels": []}
        top += 1
        for index, (name, unit, queries) in enumerate(panels):
            row, column = divmod(index, _COLUMNS)
            yield {
                "id": next(numbers),
                "type": "timeseries",
                "title": name,
                "datasource": _SOURCE,
                "gridPos": {"x": column * _WIDTH, "y": top + row * _HEIGHT, "w": _WIDTH, "h": _HEIGHT},
                "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
                "targets": [
                    {"refId": chr(ord("A") + number), "datasource": _SOURCE, "expr": query, "legendFormat": legend}
                    for number, (query, legend) in enumerate(queries)
                ],
            }
        top += -(-len(panels) // _COLUMNS) * _HEIGHT


def text() -> str:
    """Return the content of the file."""
    return json.dumps(dashboard(), indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
