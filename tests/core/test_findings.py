"""The records of the doctor."""

from ollama_panel.core.findings import Area, DoctorRecord, Finding, Ignored, Report
from ollama_panel.core.notices import notice


def test_what_is_ignored_is_not_open() -> None:
    told = notice("source.unknown", path="/etc/x")
    found = (Finding("a", "a", Area.SETTINGS, told), Finding("b", "b", Area.SETTINGS, told))
    record = DoctorRecord(Report(0.0, findings=found), (Ignored("a", told, 1.0),))
    assert [one.id for one in record.open] == ["b"]
