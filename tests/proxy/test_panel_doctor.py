"""The operations of the panel's API that are about the doctor."""

import json
from typing import Any

import msgspec

from ollama_panel.core.findings import DoctorRecord, FixPlan
from ollama_panel.proxy.panel_api.doctor import BundleAnswer, DoctorAnswer, FixPlanAnswer, MendedAnswer
from tests.fakes.panel_doctor import FINDING
from tests.proxy.conftest import OWN_SECRET, ProxyHarness

DOCTOR = "/panel/v1/doctor"
ONE = f"{DOCTOR}/findings/{FINDING.id}"
OWNER = f"Authorization: Bearer {OWN_SECRET}"
EMPTY = "Content-Length: 0"


async def ask(harness: ProxyHarness, request: str, *more: str) -> tuple[int, Any]:
    got = await harness.ask(request, OWNER, *more)
    return got.status, json.loads(got.body)


async def test_what_was_found_is_answered_whole(harness: ProxyHarness) -> None:
    status, answer = await ask(harness, f"GET {DOCTOR}")
    assert (status, answer["status"], answer["doctor"]["report"]["findings"][0]["fix"]["type"]) == (
        200,
        2,
        "RunCommands",
    )
    assert msgspec.convert(answer, DoctorAnswer).doctor == harness.panel.doctor.record, "programs can read it"
    assert (await ask(harness, f"POST {DOCTOR}/check", EMPTY))[0] == 200
    assert harness.panel.doctor.calls == [("check",)]


async def test_before_it_has_looked(harness: ProxyHarness) -> None:
    harness.panel.doctor.record = DoctorRecord()
    status, answer = await ask(harness, f"GET {DOCTOR}")
    assert (status, answer["status"], answer["told"]["text"]) == (200, 3, "The doctor has not looked yet.")


async def test_a_finding_is_set_aside_and_shown_again(harness: ProxyHarness) -> None:
    status, answer = await ask(harness, f"PUT {ONE}/ignore", EMPTY)
    assert (status, answer["status"], answer["doctor"]["ignored"][0]["finding"]) == (200, 0, FINDING.id)
    status, answer = await ask(harness, f"DELETE {ONE}/ignore", EMPTY)
    assert (status, answer["doctor"]["ignored"]) == (200, [])


async def test_a_fix_is_planned_carried_out_and_taken_back(harness: ProxyHarness) -> None:
    doctor = harness.panel.doctor
    status, answer = await ask(harness, f"GET {ONE}/plan")
    assert (status, msgspec.convert(answer, FixPlanAnswer).plan) == (200, FixPlan("1", FINDING.id))
    status, answer = await ask(harness, f"POST {ONE}/fix?plan=1&now=true", EMPTY)
    assert (status, msgspec.convert(answer, MendedAnswer).mended) == (200, doctor.answer)
    assert doctor.calls[-1] == ("fix", FINDING.id, "1", True, False), "nobody is asked for a password from afar"
    assert (await ask(harness, f"GET {DOCTOR}/mended/1/plan"))[0] == 200
    status, answer = await ask(harness, f"POST {DOCTOR}/mended/1/undo", EMPTY)
    assert (status, answer["mended"]["undone"], doctor.calls[-1]) == (200, True, ("undo", "1", False, False))


async def test_commands_that_need_an_administrator_are_for_somebody_to_type(harness: ProxyHarness) -> None:
    doctor = harness.panel.doctor
    doctor.answer = msgspec.structs.replace(doctor.answer, todo=("sudo true",))
    status, answer = await ask(harness, f"POST {ONE}/fix", EMPTY)
    assert (status, answer["todo"]) == (202, ["sudo true"])


async def test_a_wait_ends_when_somebody_says_so(harness: ProxyHarness) -> None:
    for word in ("restart-now", "cancel"):
        assert (await ask(harness, f"POST {DOCTOR}/{word}", EMPTY))[0] == 200
    assert harness.panel.doctor.calls == [("restart_now",), ("cancel",)]


async def test_a_finding_that_there_is_not(harness: ProxyHarness) -> None:
    status, answer = await ask(harness, f"GET {DOCTOR}/findings/none/plan")
    assert (status, answer["code"]) == (404, "doctor.no_finding")


async def test_the_files_of_a_support_bundle(harness: ProxyHarness) -> None:
    status, answer = await ask(harness, f"GET {DOCTOR}/bundle")
    assert (status, msgspec.convert(answer, BundleAnswer).files) == (200, harness.panel.doctor.files)
