"""Why the machine is spared, and for how long: a reason that comes and goes makes no limit come and go. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, field

from ollama_panel.core.limits import Power

HOT_LOOKS = 3
"""Heat counts when it was seen so often in a row: a card at its limit is slowed down a little now and then."""
HOT_S = 60.0
"""A machine that heat has slowed down is spared for so long, so that the limit does not come and go with it."""
STEADY_S = 60.0
"""A reason that is back so soon after it was seen last counts until it has been gone for so long."""

_SUPPLY = (Power.BATTERY, Power.LOW_POWER)


@dataclass(slots=True)
class _Reason:
    """`holds`: it counts now; `flaps`: it does until it has been gone for a while."""

    holds: bool = False
    flaps: bool = False
    _seen_at: float = float("-inf")

    def look(self, *, seen: bool, now: float) -> None:
        if seen:
            self.flaps = self.flaps or (not self.holds and now - self._seen_at < STEADY_S)
            self.holds, self._seen_at = True, now
        elif not self.flaps or now - self._seen_at >= STEADY_S:
            self.holds = self.flaps = False


@dataclass(slots=True)
class PowerRule:
    """A state machine of what is seen, look by look. Times are seconds of one monotonic clock."""

    _critical: _Reason = field(default_factory=_Reason)
    _supply: dict[Power, _Reason] = field(default_factory=lambda: {one: _Reason() for one in _SUPPLY})
    _hot_until: float = float("-inf")
    _hot_looks: int = 0

    def look(self, seen: Collection[Power], now: float) -> Power | None:
        """Return why the machine is spared now, by the reasons that are seen; None if it is not."""
        self._critical.look(seen=Power.CRITICAL_HEAT in seen, now=now)
        for power, reason in self._supply.items():
            reason.look(seen=power in seen, now=now)
        self._hot_looks = self._hot_looks + 1 if Power.HEAT in seen else 0
        if self._critical.holds or self._hot_looks >= HOT_LOOKS:
            self._hot_until = now + HOT_S
        if self._critical.holds:
            return Power.CRITICAL_HEAT
        if any(one.holds for one in self._supply.values()):
            return next((power for power, one in self._supply.items() if one.holds and not one.flaps), Power.UNSTEADY)
        return Power.HEAT if now < self._hot_until else None
