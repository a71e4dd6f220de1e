import msgspec
import pytest

from ollama_panel.core.applying.host import HostFacts
from ollama_panel.core.applying.managers.proxies import NGINX
from ollama_panel.core.applying.managers.systemd import Systemd
from ollama_panel.core.applying.plan import Change, Kept
from ollama_panel.core.applying.record import (
    Action,
    ActionKind,
    Applying,
    ApplyStage,
    Proof,
    ProofSource,
    ProofState,
)
from ollama_panel.core.applying.told import meaning, of_applying, of_proof
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.takeover import StepState
from tests.core.applying.samples import DROP_IN, ROOT, SUDOER, USER, change, unit

PROOF = Proof("a.service", "OLLAMA_NUM_PARALLEL", "4", "4", ProofState.HOLDS, ProofSource.LOG, "the line")
DIFFERS = msgspec.structs.replace(PROOF, found="1", state=ProofState.DIFFERS)
UNKNOWN = Proof("a.service", "LLAMA_ARG_THREADS", "4", None, ProofState.UNKNOWN)
WHY = notice("apply.not_back", unit="a.service", limit=90.0)


def applying(stage: ApplyStage, *proofs: Proof, **more: object) -> Applying:
    return msgspec.structs.replace(Applying("1", "systemd", "ann@box", stage, proofs=proofs), **more)


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (applying(ApplyStage.PLANNED, files=(change(DROP_IN),)), "apply.planned"),
        (applying(ApplyStage.PLANNED, files=(change(DROP_IN, "new\n"),)), "apply.planned_same"),
        (applying(ApplyStage.WRITING), "apply.under_way"),
        (applying(ApplyStage.IDLE, connections=2), "apply.waits_idle"),
        (applying(ApplyStage.APPLIED, PROOF), "apply.applied"),
        (applying(ApplyStage.RETURNING), "apply.returning"),
        (applying(ApplyStage.RETURNED), "apply.undone"),
        (applying(ApplyStage.RETURNED, problem=WHY), "apply.returned"),
        (applying(ApplyStage.VERIFIED, PROOF), "apply.applied"),
        (applying(ApplyStage.VERIFIED, PROOF, UNKNOWN), "apply.verified_partly"),
        (applying(ApplyStage.VERIFIED, DIFFERS), "apply.verified_not"),
        (applying(ApplyStage.VERIFIED, files=(change(DROP_IN),)), "apply.verified_not"),
        (applying(ApplyStage.RESTARTING, interrupted=True), "apply.interrupted"),
        (applying(ApplyStage.RETURNING, interrupted=True), "apply.interrupted_back"),
        (
            applying(
                ApplyStage.WRITING,
                actions=(Action(ActionKind.RELOAD, WHY, ("sudo x",), root=True, state=StepState.WAITING),),
            ),
            "apply.waits",
        ),
    ],
)
def test_how_far_it_is(one: Applying, code: str) -> None:
    assert of_applying(one).code == code


def test_what_was_cut_says_why() -> None:
    told = render(of_applying(applying(ApplyStage.RESTARTING, interrupted=True, problem=WHY)))
    assert told.endswith("after its restart.")


@pytest.mark.parametrize(
    ("proof", "code"),
    [
        (PROOF, "apply.holds"),
        (DIFFERS, "apply.differs"),
        (UNKNOWN, "apply.unknown"),
        (msgspec.structs.replace(DIFFERS, found=None), "apply.missing"),
    ],
)
def test_what_a_proof_says(proof: Proof, code: str) -> None:
    assert of_proof(proof).code == code


def test_the_line_of_the_log_is_quoted() -> None:
    assert of_proof(PROOF).evidence == ("the line",)


def _codes(facts: HostFacts, what: Change, *kept: Kept) -> list[str]:
    return [one.code for one in meaning(Systemd(), facts, what, kept)]


def test_what_it_means() -> None:
    running = Change((change(DROP_IN, "old\n"),), (unit(),), busy=frozenset({"ollama.service"}))
    kept = Kept(DROP_IN, "copy", root=True)
    assert _codes(ROOT, running, kept) == ["apply.breaks", "apply.keeps", "apply.goes_back"]
    assert _codes(SUDOER, running, kept) == ["apply.breaks", "apply.keeps", "apply.by_sudo", "apply.goes_back"]
    assert _codes(USER, running, kept)[2] == "apply.by_user"
    assert _codes(ROOT, Change((), ())) == ["apply.nothing"]
    graceful = meaning(NGINX, ROOT, running, (kept,))
    assert next(graceful).code == "apply.breaks_nothing"
