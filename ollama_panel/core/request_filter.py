"""Which requests somebody wants to see: the filter of the queue page, asked of records here and of jobs that wait."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from ollama_panel.core.client_rules import lasting_name
from ollama_panel.core.ids import ClientId, InstanceId, ModelName, RequestId
from ollama_panel.core.records import Job
from ollama_panel.core.snapshot import RequestRecord, RequestState


class _Named(Protocol):
    """What a job and the record of its request have in common."""

    @property
    def id(self) -> RequestId: ...
    @property
    def client(self) -> ClientId: ...
    @property
    def model(self) -> ModelName: ...
    @property
    def path(self) -> str: ...


class RequestFilter(msgspec.Struct, frozen=True):
    """What a request must have to be wanted; an empty field asks for nothing.

    Each of the `words` (lower case, separated by spaces) is part of its id, client, model, path or instance. `client`
    is the lasting name of its client. `instance` is the one that works on it or did, and no request has one while it
    waits.
    """

    words: str = ""
    client: str | None = None
    model: ModelName | None = None
    instance: InstanceId | None = None
    states: frozenset[RequestState] = frozenset()

    def __bool__(self) -> bool:
        return self != ALL

    def wants(self, record: RequestRecord) -> bool:
        """Return whether the request of a record is wanted."""
        return (
            (not self.states or record.state in self.states)
            and (self.instance is None or record.instance == self.instance)
            and self._names(record, record.instance or "")
        )

    def among(self, records: Sequence[RequestRecord]) -> Sequence[RequestRecord]:
        """Return the wanted ones among some records."""
        return [record for record in records if self.wants(record)] if self else records

    def wants_waiting(self, job: Job) -> bool:
        """Return whether a job is wanted while it waits."""
        return self.instance is None and self.waits() and self._names(job, "")

    def waits(self) -> bool:
        """Return whether requests that wait may be wanted."""
        return not self.states or RequestState.WAITING in self.states

    def _names(self, one: _Named, instance: str) -> bool:
        if self.client is not None and one.client != self.client and lasting_name(one.client) != self.client:
            return False
        if self.model is not None and one.model != self.model:
            return False
        if not self.words:
            return True
        text = f"{one.id} {one.client} {one.model} {one.path} {instance}".lower()
        return all(word in text for word in self.words.split())


ALL = RequestFilter()
"""Wants every request."""
