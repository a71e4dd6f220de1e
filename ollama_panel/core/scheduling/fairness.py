"""Fair queuing: the client with the smallest virtual counter is next; counters are charged in GPU time.

Virtual Token Counter of Sheng et al., "Fairness in Serving Large Language Models" (OSDI 2024), with one change: the
charge is GPU microseconds instead of tokens (a cached prompt costs nearly nothing, a long answer much).
"""

from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush, heapreplace

from ollama_panel.core.client_rules import USUAL_WEIGHT, lasting_name
from ollama_panel.core.records import RequestClass
from ollama_panel.core.scheduling.ticket import Account

FORGET_ABOVE = 4096
"""Idle accounts beyond this number are forgotten."""


@dataclass(slots=True)
class Ledger:
    """Virtual counters in GPU microseconds per unit of weight, which a client has by its lasting name.

    `active` counts requests waiting or in flight. `pending` is the part of a counter that is only an estimate, for
    requests in flight. `floors` is the lower bound for a client that arrives while no other is active.
    """

    weights: dict[str, float] = field(default_factory=dict)
    counters: dict[Account, int] = field(default_factory=dict)
    active: dict[Account, int] = field(default_factory=dict)
    pending: dict[Account, int] = field(default_factory=dict)
    floors: dict[RequestClass, int] = field(default_factory=dict)
    heaps: dict[RequestClass, list[tuple[int, Account]]] = field(
        default_factory=lambda: {one: [] for one in RequestClass}
    )

    def enter(self, account: Account) -> None:
        """Count an arrival; an idle client's counter rises to the smallest active one (the paper's counter lift)."""
        count = self.active.get(account, 0)
        if not count:
            self.counters[account] = max(self.counters.get(account, 0), self._lowest_counter(account[1]))
            self._push(account)
        self.active[account] = count + 1

    def _lowest_counter(self, request_class: RequestClass) -> int:
        heap = self.heaps[request_class]
        while heap:
            counter, account = heap[0]
            if account not in self.active:
                heappop(heap)
            elif self.counters[account] > counter:
                heapreplace(heap, (self.counters[account], account))
            else:
                return counter - self.pending.get(account, 0)
        return self.floors.get(request_class, 0)

    def _push(self, account: Account) -> None:
        heap = self.heaps[account[1]]
        heappush(heap, (self.counters[account], account))
        if len(heap) > 2 * len(self.active) + 64:
            heap[:] = [(self.counters[one], one) for one in self.active if one[1] is account[1]]
            heapify(heap)

    def leave(self, account: Account) -> None:
        """Count the end of a request."""
        count = self.active[account] - 1
        if count:
            self.active[account] = count
            return
        del self.active[account]
        self.floors[account[1]] = max(self.floors.get(account[1], 0), self._lowest_counter(account[1]))
        if len(self.counters) > FORGET_ABOVE + 2 * len(self.active):
            self.counters = {one: self.counters[one] for one in self.active}

    def counter(self, account: Account) -> int:
        """Return the virtual counter of an account; the smallest is served next."""
        return self.counters[account]

    def weight(self, account: Account) -> float:
        """Return the weight of a client."""
        return self.weights.get(lasting_name(account[0]), USUAL_WEIGHT) if self.weights else USUAL_WEIGHT

    def charge(self, account: Account, cost: int) -> int:
        """Add the estimated GPU microseconds of a dispatched request; return what was added."""
        added = round(cost / self.weight(account))
        self.counters[account] += added
        self.pending[account] = self.pending.get(account, 0) + added
        return added

    def move(self, account: Account, to: Account, added: int) -> bool:
        """Move a request in flight with its estimate to another account; return whether the counter of the first fell.

        Both are of the same client.
        """
        fell = self.correct(account, added, 0)
        self.leave(account)
        self.enter(to)
        self.counters[to] += added
        if added:
            self.pending[to] = self.pending.get(to, 0) + added
        return fell

    def correct(self, account: Account, added: int, cost: int) -> bool:
        """Replace an estimate by the real cost of the request; return whether the counter fell."""
        difference = round(cost / self.weight(account)) - added
        self.counters[account] += difference
        self.pending[account] = self.pending.get(account, 0) - added
        if not self.pending[account]:
            del self.pending[account]
        if difference < 0:
            self._push(account)
        return difference < 0
