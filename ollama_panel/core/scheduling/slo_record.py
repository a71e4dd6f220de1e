"""The SLO of a pool as front ends see it: how it is kept, and if it cannot be, what would help."""

from collections.abc import Iterable

from ollama_panel.core.ids import PoolName
from ollama_panel.core.limits import SloRecord
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.scheduling.compliance import Compliance
from ollama_panel.core.scheduling.instances import Copy
from ollama_panel.core.scheduling.slo import Slo
from ollama_panel.core.scheduling.state import State


def slo_record(state: State, pool: PoolName) -> SloRecord | None:
    """Return the SLO of a pool, None if it promises nothing."""
    slo = state.policy.slos.get(pool)
    if slo is None:
        return None
    compliance = state.compliance.get(pool) or Compliance()
    copies = (copy for copy in state.fleet.copies() if copy.instance.facts.pool == pool)
    return SloRecord(
        first_token_s=_seconds(slo),
        tokens_per_s=_rate(slo),
        kept=compliance.kept,
        counted=len(compliance.last),
        met=compliance.met,
        missed=compliance.missed,
        impossible=_impossible(pool, slo, compliance, copies),
    )


def _seconds(slo: Slo) -> float | None:
    return round(slo.first_token_us / 1e6, 3) if slo.first_token_us else None


def _rate(slo: Slo) -> float | None:
    return round(1e6 / slo.token_us, 3) if slo.token_us else None


def _impossible(pool: PoolName, slo: Slo, compliance: Compliance, copies: Iterable[Copy]) -> Notice | None:
    for copy in copies:
        controller = copy.limiter.controller
        if controller is None or not controller.impossible:
            continue
        share = controller.alone
        if controller.first_binds:
            seconds, wanted = round(share * slo.first_token_us / 1e6, 2), _seconds(slo) or 0
            return notice("slo.first_token", pool=pool, model=copy.model, seconds=seconds, wanted=wanted)
        rate, least = round(1e6 / (share * slo.token_us), 1), _rate(slo) or 0
        return notice("slo.tokens", pool=pool, model=copy.model, rate=rate, wanted=least)
    if compliance.waits and compliance.kept is not None:
        kept, wanted = round(100 * compliance.kept), _seconds(slo) or 0
        return notice("slo.wait", pool=pool, percent=kept, wanted=wanted)
    return None
