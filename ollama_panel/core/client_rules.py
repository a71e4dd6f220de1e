"""What the user has laid down about a client: its class, its weight, and how many of its requests run at once.

A rule is kept in the settings by the client's lasting name. A process is shown as "name (pid 1234)", and its number is
another one after each start: its lasting name is "name", so that a rule holds for all processes of that name. The names
of keys, of users and addresses last as they are.
"""

import re
from functools import lru_cache
from typing import TypeVar

import msgspec

from ollama_panel.core.ids import ClientId
from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.settings.tree_scheduling import SchedulingSettings

T = TypeVar("T")

_OF_PROCESS = re.compile(r"(.+) \(pid \d+\)", re.DOTALL)

USUAL_WEIGHT = 1.0
"""The weight of a client without a rule."""


class ClientRule(msgspec.Struct, frozen=True):
    """The rule for one client.

    `request_class` is the class of all its requests, None = each is judged by itself. `weight` is its share of the time
    relative to 1 for any other client. `limit` is how many of its requests run at once at most, None = any number.
    """

    request_class: RequestClass | None = None
    weight: float = USUAL_WEIGHT
    limit: int | None = None


@lru_cache(maxsize=4096)
def lasting_name(client: ClientId) -> str:
    """Return the name by which the rules know a client: without the number of its process."""
    found = _OF_PROCESS.fullmatch(client)
    return found[1] if found else client


def rule_of(scheduling: SchedulingSettings, client: ClientId) -> ClientRule:
    """Return the rule that the settings have for a client."""
    name = lasting_name(client)
    return ClientRule(
        scheduling.classes.get(name), scheduling.weights.get(name, USUAL_WEIGHT), scheduling.limits.get(name)
    )


def with_rule(settings: Settings, client: ClientId, rule: ClientRule) -> Settings:
    """Return the settings with this rule for a client; what it leaves open is removed from them."""
    name, scheduling = lasting_name(client), settings.scheduling
    weight = None if rule.weight == USUAL_WEIGHT else rule.weight
    changed = msgspec.structs.replace(
        scheduling,
        classes=_with(scheduling.classes, name, rule.request_class),
        weights=_with(scheduling.weights, name, weight),
        limits=_with(scheduling.limits, name, rule.limit),
    )
    return msgspec.structs.replace(settings, scheduling=changed)


def _with(rules: dict[str, T], name: str, value: T | None) -> dict[str, T]:
    """Return the rules with that of one client; None removes it."""
    others = {other: kept for other, kept in rules.items() if other != name}
    return others if value is None else {**others, name: value}
