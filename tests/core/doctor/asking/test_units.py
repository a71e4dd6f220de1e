"""Units of systemd and jobs of launchd."""

from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.doctor.asking.sources import Named
from ollama_panel.core.doctor.asking.units import jobs_of, said, units_of, with_said
from ollama_panel.core.doctor.facts import UnitFacts
from ollama_panel.core.sources.record import SourceKind

SHOWN = {
    "Id": "ollama.service",
    "LoadState": "loaded",
    "ActiveState": "active",
    "UnitFileState": "enabled",
    "FragmentPath": "/etc/systemd/system/ollama.service",
    "DropInPaths": '/etc/systemd/system/ollama.service.d/a.conf "/x/a b.conf"',
    "NeedDaemonReload": "yes",
    "MainPID": "77",
    "NRestarts": "3",
    "ActiveEnterTimestampMonotonic": "5000000",
}


def test_a_unit_as_systemd_shows_it() -> None:
    (unit,) = units_of([("user", SHOWN), ("system", {"Id": "gone.service", "LoadState": "not-found"})], 1000.0)
    files = ("/etc/systemd/system/ollama.service", "/etc/systemd/system/ollama.service.d/a.conf", "/x/a b.conf")
    assert unit == UnitFacts("ollama.service", True, files, "active", 77, 3, True, True, 1005.0)


def test_a_drop_in_that_systemd_has_not_read_makes_a_unit_stale() -> None:
    shown = {**SHOWN, "DropInPaths": "", "NeedDaemonReload": "no"}
    paths = ("/etc/systemd/system/ollama.service", "/etc/systemd/system/ollama.service.d/a.conf", "/etc/default/ollama")
    (unit,) = units_of([("system", shown)], None, [Named(SourceKind.SYSTEMD, paths, "ollama.service")])
    assert (unit.stale, unit.files) == (True, paths[:2])
    (same,) = units_of([("system", shown)], None, [Named(SourceKind.SYSTEMD, paths[:1], "ollama.service")])
    assert (same.stale, same.files) == (False, paths[:1])


def test_a_unit_that_does_not_run() -> None:
    (unit,) = units_of([("system", {"Id": "a.service", "LoadState": "masked", "ActiveState": "inactive"})], None)
    assert unit == UnitFacts("a.service", state="inactive")


def test_jobs_of_launchd() -> None:
    text = "501\t0\tcom.ollama.serve\n-\t78\thomebrew.mxcl.ollama\n"
    files = {"com.ollama.serve": "/Users/ada/a.plist", "off": "/Library/LaunchDaemons/off.plist"}
    assert list(jobs_of([Block("jobs", (), text)], files)) == [
        UnitFacts("com.ollama.serve", True, ("/Users/ada/a.plist",), "active", 501, enabled=True),
        UnitFacts("homebrew.mxcl.ollama", True, (), "failed"),
        UnitFacts("off", False, ("/Library/LaunchDaemons/off.plist",), "inactive", enabled=False),
    ]


def test_the_last_words_of_units_that_failed() -> None:
    units = (UnitFacts("a.service", state="failed"), UnitFacts("b.service", state="active"))
    assert "_SYSTEMD_UNIT=a.service" in said(units)
    assert "b.service" not in said(units)
    told = Block("said", ("a.service", "False"), "Error: no\n\nOLLAMA_API_KEY=abcdefgh1\n")
    first, second = with_said(units, [told])
    assert (first.said, second.said) == (("Error: no", "OLLAMA_API_KEY=(hidden)"), ())
