"""The table of the panel's API: which operation a method and a path mean, what its caller needs, what it answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from ollama_panel.core.advice.questions import Answer, Question
from ollama_panel.core.history.questions import EventsQuestion, RequestsQuestion, SeriesQuestion
from ollama_panel.core.history.records import FinishedRequests, History, HistoryEvents
from ollama_panel.core.ollama.environment_answer import EnvironmentAnswer
from ollama_panel.core.panel_api import (
    V1,
    Clients,
    CreatedKey,
    Done,
    Instances,
    Keys,
    Log,
    Machine,
    NewKey,
    Requests,
    ServerAnswer,
    Status,
)
from ollama_panel.core.replacements import ServerCommand
from ollama_panel.core.settings.tree import Scope
from ollama_panel.core.snapshot import InstanceRecord, RequestRecord
from ollama_panel.core.takeover import TakeoverAnswer
from ollama_panel.proxy.panel_api import (
    advice,
    clients,
    environment,
    events,
    general,
    history,
    instances,
    keys,
    machine,
    openapi,
    requests,
    routes_doctor,
    routes_drills,
    routes_exports,
    routes_imports,
    routes_models,
    routes_profiles,
    routes_recording,
    routes_settings,
    routes_tuning,
    routes_yield,
    takeover,
)
from ollama_panel.proxy.panel_api.call import AnyQuery, NoQuery, Operation
from ollama_panel.proxy.panel_api.instances import LINES_TYPE, LogQuery, WaitQuery
from ollama_panel.proxy.panel_api.source import Command
from ollama_panel.proxy.panel_api.stream import EVENTS_TYPE

_SEE, _CONTROL = Scope.SEE, Scope.CONTROL

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET", "/panel/health", general.health, "A sign of life", {200: Done}, None, strict=False, query=AnyQuery
    ),
    Operation(
        "GET",
        "/panel/status",
        general.status,
        "Everything at one instant",
        {200: Status},
        strict=False,
        query=AnyQuery,
    ),
    Operation(
        "GET",
        "/panel/metrics",
        general.metrics,
        "For Prometheus",
        {200: general.METRICS_TYPE},
        strict=False,
        query=AnyQuery,
    ),
    Operation(
        "POST",
        "/panel/reload",
        general.reload,
        "Read the settings file again",
        {200: Done},
        _CONTROL,
        strict=False,
        query=AnyQuery,
        errors=(400, 500, 503),
    ),
    Operation("GET", f"{V1}/status", general.status, "Everything at one instant", {200: Status}, strict=False),
    Operation(
        "GET",
        f"{V1}/openapi.json",
        openapi.showing(lambda: OPERATIONS),
        "This document",
        {200: "application/json"},
        strict=False,
        query=AnyQuery,
    ),
    *routes_settings.OPERATIONS,
    *routes_profiles.OPERATIONS,
    *routes_exports.OPERATIONS,
    *routes_doctor.OPERATIONS,
    *routes_imports.OPERATIONS,
    Operation("GET", f"{V1}/instances", instances.show_all, "All instances", {200: Instances}),
    Operation("GET", f"{V1}/instances/{{id}}", instances.show, "One instance", {200: InstanceRecord}, errors=(404,)),
    *(
        Operation(
            "POST",
            f"{V1}/instances/{{id}}/{command.value}",
            instances.telling(command),
            f"{command.value.capitalize()} an instance; running requests end first",
            {200: InstanceRecord, 202: InstanceRecord},
            _CONTROL,
            query=WaitQuery,
            errors=(404, 409),
        )
        for command in Command
    ),
    Operation(
        "GET",
        f"{V1}/instances/{{id}}/logs",
        instances.log,
        "Lines of an instance's log; with follow a stream of them, as text or as server-sent events",
        {200: Log},
        query=LogQuery,
        errors=(404,),
        streams=(LINES_TYPE, EVENTS_TYPE),
    ),
    Operation(
        "GET",
        f"{V1}/environment",
        environment.show,
        "Ollama's variables and presets, for the version that is installed",
        {200: EnvironmentAnswer},
    ),
    Operation(
        "GET",
        f"{V1}/clients",
        clients.show,
        "Who sends requests, and who goes past the panel",
        {200: Clients},
        query=clients.ClientsQuery,
    ),
    Operation(
        "GET",
        f"{V1}/machine",
        machine.show,
        "This computer, and what runs on it",
        {200: Machine},
        query=machine.MachineQuery,
    ),
    *(
        Operation(
            "POST",
            f"{V1}/machine/servers/{{id}}/{command.value}",
            machine.commanding(command),
            summary,
            {200: ServerAnswer, 202: ServerAnswer},
            _CONTROL,
            query=machine.ServerQuery if command is ServerCommand.REPLACE else NoQuery,
            errors=(404, 409, 500),
        )
        for command, summary in machine.COMMANDS.items()
    ),
    Operation(
        "POST",
        f"{V1}/take-over",
        takeover.begin,
        "Listen at Ollama's own address, and move Ollama elsewhere; 202: once the user has typed the commands",
        {200: TakeoverAnswer, 202: TakeoverAnswer},
        _CONTROL,
        query=takeover.TakeOverQuery,
        errors=(404, 409, 500),
    ),
    Operation(
        "POST",
        f"{V1}/take-over/undo",
        takeover.undo,
        "Undo that; 202: once the user has typed the commands",
        {200: TakeoverAnswer, 202: TakeoverAnswer},
        _CONTROL,
        query=takeover.UndoQuery,
        errors=(409, 500),
    ),
    Operation(
        "GET",
        f"{V1}/advice",
        advice.show,
        "What to set, for a use of this machine or of one that is described",
        {200: Answer},
        query=Question,
    ),
    Operation("GET", f"{V1}/requests", requests.show_all, "Requests", {200: Requests}, query=requests.RequestsQuery),
    Operation("GET", f"{V1}/requests/{{id}}", requests.show, "One request", {200: RequestRecord}, errors=(404,)),
    Operation(
        "DELETE",
        f"{V1}/requests/{{id}}",
        requests.cancel,
        "Cancel a request",
        {200: RequestRecord},
        _CONTROL,
        errors=(404, 409),
    ),
    Operation(
        "POST",
        f"{V1}/requests/{{id}}/front",
        requests.move_to_front,
        "Let a waiting request be the next",
        {200: RequestRecord},
        _CONTROL,
        errors=(404, 409),
    ),
    Operation(
        "DELETE",
        f"{V1}/requests/{{id}}/front",
        requests.move_back,
        "Put a request back that was moved to the front",
        {200: RequestRecord},
        _CONTROL,
        errors=(404, 409),
    ),
    Operation(
        "GET",
        f"{V1}/history",
        history.answering(SeriesQuestion),
        "Measurements of the last minutes, hours or days",
        {200: History},
        query=SeriesQuestion,
        errors=(404, 500),
    ),
    Operation(
        "GET",
        f"{V1}/history/requests",
        history.answering(RequestsQuestion),
        "Requests that ended in the last hours or days",
        {200: FinishedRequests},
        query=RequestsQuestion,
        errors=(404, 500),
    ),
    Operation(
        "GET",
        f"{V1}/history/events",
        history.answering(EventsQuestion),
        "What has happened in the last hours or days",
        {200: HistoryEvents},
        query=EventsQuestion,
        errors=(404, 500),
    ),
    Operation("GET", f"{V1}/keys", keys.show_all, "What the API keys are for", {200: Keys}, _CONTROL),
    Operation(
        "POST",
        f"{V1}/keys",
        keys.create,
        "Make an API key, which is shown once",
        {201: CreatedKey},
        _CONTROL,
        body=NewKey,
        errors=(409, 500),
    ),
    Operation(
        "DELETE", f"{V1}/keys/{{name}}", keys.remove, "Revoke an API key", {200: Done}, _CONTROL, errors=(404, 500)
    ),
    *routes_tuning.OPERATIONS,
    *routes_models.OPERATIONS,
    *routes_yield.OPERATIONS,
    *routes_recording.OPERATIONS,
    *routes_drills.OPERATIONS,
    Operation(
        "GET",
        f"{V1}/events",
        events.stream,
        "What changes, as server-sent events",
        {200: EVENTS_TYPE},
        query=events.EventsQuery,
        streams=(EVENTS_TYPE,),
    ),
)


@dataclass(frozen=True, slots=True)
class Match:
    """What a path means: its operations by method, and what stands for the names in it."""

    operations: Mapping[str, Operation]
    names: tuple[str, ...]

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that the path takes."""
        return (*self.operations, *(("HEAD",) if "GET" in self.operations else ()))


PATHS = tuple(dict.fromkeys(one.path for one in OPERATIONS))
_PARTS = {path: tuple(path.split("/")) for path in PATHS}
_ON_PATH = {path: {one.method: one for one in OPERATIONS if one.path == path} for path in PATHS}


@lru_cache(maxsize=256)
def match(raw_path: str) -> Match | None:
    """Return what a path means, as in the request line; None if it is none of the panel's.

    It is divided before it is decoded: a name may hold a slash.
    """
    parts = tuple(map(unquote, raw_path.partition("?")[0].split("/")))
    if parts[-1] == "" and len(parts) > 2:
        parts = parts[:-1]
    for path, known in _PARTS.items():
        names = _names(known, parts)
        if names is not None:
            return Match(_ON_PATH[path], names)
    return None


def _names(known: tuple[str, ...], parts: tuple[str, ...]) -> tuple[str, ...] | None:
    if len(known) != len(parts):
        return None
    pairs = list(zip(known, parts, strict=True))
    if any(one != part for one, part in pairs if not one.startswith("{")):
        return None
    return tuple(part for one, part in pairs if one.startswith("{"))


def needs(method: str, raw_path: str) -> tuple[Scope | None, bool]:
    """Return the scope that a call needs, None = no key, and whether it needs a key even where none is wanted.

    All that is under `/panel/v1`, or looks so when it is decoded, needs one if the table does not say otherwise.
    """
    found = match(raw_path)
    operation = found.operations.get("GET" if method == "HEAD" else method) if found is not None else None
    if operation is not None:
        return operation.scope, operation.strict
    return Scope.SEE, is_v1(raw_path)


def is_v1(raw_path: str) -> bool:
    """Return whether a path is under `/panel/v1`, however it is written."""
    return re.match(r"/+panel/+v1(?:/|\Z)", unquote(raw_path.partition("?")[0])) is not None
