"""Which cards a server has found before and does not find any more. Pure."""

from collections.abc import Iterable, Sequence

import msgspec

from ollama_panel.core.ollama.serverlog_facts import ComputeFound


class Card(msgspec.Struct, frozen=True):
    """A GPU that a server has found; `address` is that on the PCI bus, "" where the log does not tell."""

    name: str
    library: str
    address: str = ""


class Cards(msgspec.Struct, frozen=True):
    """Those of one start; `choice` are the variables that decide which cards are found, with their values."""

    cards: tuple[Card, ...]
    choice: tuple[tuple[str, str], ...] = ()


def of_start(found: Iterable[ComputeFound], choice: tuple[tuple[str, str], ...]) -> Cards:
    """Return the cards of a start."""
    return Cards(tuple(Card(one.name, one.library, one.address) for one in found), choice)


def missing(
    known: Cards | None, found: Sequence[ComputeFound], choice: tuple[tuple[str, str], ...]
) -> tuple[Card, ...]:
    """Return those of the `known` cards that are gone.

    None is if as many are found, whatever their names: another version of Ollama names them otherwise. With another
    choice a card that is not found is hidden, not lost.
    """
    if known is None or known.choice != choice or len(found) >= len(known.cards):
        return ()
    left = list(known.cards)
    for one in found:
        same = next((card for card in left if _is_same(card, one)), None)
        if same is not None:
            left.remove(same)
    return tuple(left[: len(known.cards) - len(found)])


def _is_same(card: Card, found: ComputeFound) -> bool:
    return card.address == found.address if card.address and found.address else card.name == found.name
