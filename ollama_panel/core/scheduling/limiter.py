"""The one limit of a model at an instance: the least of its slots, the power rule, the SLO and the adjustment."""

from dataclasses import dataclass, field

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.limits import LimitReason, ModelLimit, Power
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.scheduling.adjustment import Adjustment
from ollama_panel.core.scheduling.curve import Curve
from ollama_panel.core.scheduling.drift import Drift, Traffic
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.slo import Slo, SloController

MOST = 64
"""The most slots that a worker may have: the limit of the setting."""

_OF_POWER = {
    Power.BATTERY: "limit.battery",
    Power.LOW_POWER: "limit.low_power",
    Power.UNSTEADY: "limit.unsteady",
    Power.HEAT: "limit.heat",
    Power.CRITICAL_HEAT: "limit.critical_heat",
}


@dataclass(slots=True)
class Answer:
    """What a finished answer tells: when it was dispatched and ended, its output tokens, how many ran at once.

    `token_us` is its time per token, `first_us` the time from its dispatch to its first one; 0 = unknown.
    `at_once` run at its end, itself included, out of `slots`; `batch` ran while it did, on average. `prompt` are the
    tokens of its prompt, None = unknown. `alone`: no other model worked meanwhile.
    """

    began: int
    now: int
    tokens: int
    token_us: float
    first_us: float
    at_once: int
    batch: float
    slots: int
    prompt: int | None = None
    alone: bool = True


@dataclass(slots=True)
class Limiter:
    """The limit of one model at one instance. `cap` is the least of SLO and adjustment, None = neither limits.

    While the machine is to be spared, the reason is `power`.

    `policy` is the one that it was configured by. `controller` keeps the SLO, `adjustment` adjusts by measuring, unless
    there is a `curve` to go by. `slots` are those at the last answer.
    """

    policy: Policy | None = None
    target: Slo | None = None
    curve: Curve | None = None
    power: Power | None = None
    controller: SloController | None = None
    adjustment: Adjustment | None = None
    drift: Drift = field(default_factory=Drift)
    traffic: Traffic = field(default_factory=Traffic)
    slots: int = MOST
    cap: int | None = None

    def configure(self, policy: Policy, pool: PoolName, model: ModelName) -> None:
        """Put a policy into force; what was learned stays unless its target has changed."""
        self.policy = policy
        target, curve = policy.slos.get(pool), policy.curve(pool, model)
        if target != self.target:
            self.target, self.controller = target, None if target is None else SloController()
        if curve != self.curve:
            self.curve, self.drift, self.traffic = curve, Drift(), Traffic()
        if not policy.adjust_slots:
            self.adjustment = None
        elif self.adjustment is None:
            self.adjustment = Adjustment()
        self.power = policy.power if policy.spare_machine else None
        self._limit()

    @property
    def learns(self) -> bool:
        """Whether it learns from answers."""
        return self.target is not None or self.adjustment is not None or self.curve is not None

    def allowed(self, slots: int) -> int:
        """Return how many requests may run at once."""
        allowed = slots if self.cap is None else min(slots, self.cap)
        return allowed if self.power is None else min(allowed, self._of_power(slots))

    def sample(self, answer: Answer) -> None:
        """Learn from a finished answer."""
        self.slots = answer.slots
        if self.controller is not None and self.target is not None:
            token = answer.token_us / self.target.token_us if self.target.token_us else 0.0
            first = answer.first_us / self.target.first_token_us if self.target.first_token_us else 0.0
            if token or first:
                self.controller.sample(token, first, answer.began, answer.now, answer.at_once, answer.slots)
        if self.adjustment is not None and self.curve is None and answer.tokens and answer.batch == answer.at_once:
            self.adjustment.sample(answer.tokens, answer.now - answer.began, answer.at_once, answer.now)
        if self.curve is not None and answer.prompt is not None:
            self._compare(answer, answer.prompt, self.curve)
        self._limit()

    def _compare(self, answer: Answer, prompt: int, curve: Curve) -> None:
        """Compare the speed of an answer with the measured one."""
        self.traffic.add(prompt, answer.tokens)
        expected = curve.token_us(answer.batch)
        if not self.traffic.like(curve.prompt_tokens, curve.answer_tokens):
            self.drift.interrupt()
        elif expected is not None and answer.token_us and answer.alone:
            self.drift.sample(expected / answer.token_us, answer.now)

    def _limit(self) -> None:
        limits = [one for one in (self._of_slo(), self._adjusted()) if one is not None]
        self.cap = min(limits) if limits else None

    def _of_power(self, slots: int) -> int:
        """Return how many may run at once while the machine is spared."""
        if self.power is Power.CRITICAL_HEAT:
            return 1
        wanted = self.policy.power_slots if self.policy is not None else 0
        return wanted or max(1, slots // 2)

    def _of_slo(self) -> int | None:
        if self.controller is None:
            return None
        return self.controller.whole if self.curve is None else self.curve.snapped(self.controller.whole)

    def _adjusted(self) -> int | None:
        if self.adjustment is None:
            return None
        return self.adjustment.limit if self.curve is None else self.curve.enough(self.slots)

    def record(self, model: ModelName, slots: int) -> ModelLimit:
        """Return the limit with the reason that binds, as front ends see it."""
        limit = self.allowed(slots)
        reason = self._reason(limit, slots)
        return ModelLimit(model, limit, slots, reason, self._told(reason, limit, slots))

    def _reason(self, limit: int, slots: int) -> LimitReason:
        if limit == slots:
            return LimitReason.SLOTS
        if self.power is not None and limit == self._of_power(slots):
            return LimitReason.POWER
        return LimitReason.SLO if limit == self._of_slo() else LimitReason.ADJUSTED

    def _told(self, reason: LimitReason, limit: int, slots: int) -> Notice:
        match reason:
            case LimitReason.SLOTS:
                return notice("limit.slots", limit=limit, slots=slots)
            case LimitReason.POWER:
                return notice(_OF_POWER[self.power or Power.HEAT], limit=limit, slots=slots)
            case LimitReason.ADJUSTED:
                return notice("limit.adjusted", limit=limit, slots=slots)
            case LimitReason.SLO:
                return self._told_of_slo(limit, slots)

    def _told_of_slo(self, limit: int, slots: int) -> Notice:
        target, controller = self.target or Slo(), self.controller or SloController()
        if target.first_token_us and (controller.first_binds or not target.token_us):
            seconds = target.first_token_us / 1e6
            return notice("limit.slo_first_token", limit=limit, slots=slots, seconds=seconds)
        return notice("limit.slo_tokens", limit=limit, slots=slots, rate=round(1e6 / target.token_us, 3))
