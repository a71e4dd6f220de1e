"""How much others than the panel's instances use the GPU, as far as that can be told apart. Shares are percent."""

from collections.abc import Collection, Mapping, Sequence

QUIET_S = 3.0
"""How long the panel's instances must have been idle: what a card tells is a mean of up to one second."""


def others_use(
    processes: Sequence[Mapping[int, float]] | None,
    cards: Sequence[float | None],
    own: Collection[int],
    *,
    works: bool,
    idle_s: float,
) -> float | None:
    """Return the use by others of the card that they use most, None if it cannot be told.

    `processes` has for each card what each process uses, None = the driver does not tell. Then what a whole card does
    (`cards`) is that of others only while the panel's instances have been idle for `idle_s`. `works`: they answer
    requests now. If they work and none of their processes (`own`) is named, the driver counts the processes otherwise
    than this program, as it does in a container, and nothing can be told apart.
    """
    if processes is not None:
        if works and not any(pid in own for card in processes for pid in card):
            return None
        shares = [sum(use for pid, use in card.items() if pid not in own) for card in processes]
        return min(100.0, max(shares, default=0.0))
    known = [one for one in cards if one is not None]
    return max(known) if known and not works and idle_s >= QUIET_S else None
