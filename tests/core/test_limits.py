"""The records of limits and SLOs are complete without values."""

from ollama_panel.core.limits import SloRecord


def test_a_pool_without_requests_has_kept_nothing_yet() -> None:
    record = SloRecord(tokens_per_s=20.0)
    assert (record.kept, record.counted, record.impossible) == (None, 0, None)
