"""The OpenAPI document of the panel's API, made from the table of its operations and the records that they exchange."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from inspect import cleandoc
from itertools import chain
from typing import Any, TypeAlias

import msgspec

from ollama_panel import __version__
from ollama_panel.core.panel_api import Failure
from ollama_panel.proxy.exchange import reason_of
from ollama_panel.proxy.headers import JSON
from ollama_panel.proxy.panel_api import events
from ollama_panel.proxy.panel_api.call import Call, Handler, Operation
from ollama_panel.proxy.response import Response

Node: TypeAlias = dict[str, Any]
"""An object of the document: its form is that of OpenAPI 3.1.0, not ours."""

_REF = "#/components/schemas/{name}"
_JSON = "application/json"
_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}
_TEXT: Node = {"type": "string", "description": "The notice as a sentence in English."}
_OF_BODIES = (408, 413, 415)
"""Further errors of operations with a body: too slow, too long, no JSON."""


def showing(operations: Callable[[], tuple[Operation, ...]]) -> Handler:
    """Return the handler that answers with the document of these operations."""

    @cache
    def content() -> bytes:
        return msgspec.json.encode(document(operations()))

    async def show(call: Call) -> Response:
        return await call.exchange.respond(200, content(), JSON)

    return show


def document(operations: Iterable[Operation]) -> Node:
    """Return the document."""
    every = tuple(operations)
    types = list(dict.fromkeys((Failure, *chain(*events.DATA.values()), *_types(every))))
    _, components = msgspec.json.schema_components(types, ref_template=_REF)
    queries = {kind: components.pop(kind.__name__)["properties"] for kind in {one.query for one in every}}
    components["Notice"]["properties"]["text"] = _TEXT
    for component in components.values():
        component["description"] = cleandoc(component.get("description", ""))
    paths = dict[str, Node]()
    for one in every:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, queries[one.query])
    return {
        "openapi": "3.1.0",
        "info": {"title": "Ollama Panel", "version": __version__},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": _SECURITY},
    }


def _types(operations: tuple[Operation, ...]) -> Iterator[Any]:
    for one in operations:
        yield from (one.query, *(kind for kind in one.answers.values() if not isinstance(kind, str)))
        if _is_record(one.body):
            yield one.body


def _operation(one: Operation, query: Mapping[str, Node]) -> Node:
    node: Node = {
        "operationId": _id(one),
        "summary": one.summary,
        "parameters": [*_path_parameters(one), *_query_parameters(query)],
        "responses": dict(_responses(one)),
    }
    if one.tagged and one.method != "GET":
        node["parameters"].append({"name": "If-Match", "in": "header", "schema": {"type": "string"}})
    if one.body is not None:
        schema = {"$ref": _ref(one.body)} if _is_record(one.body) else {"type": "object"}
        node["requestBody"] = {"required": True, "content": {_JSON: {"schema": schema}}}
    if one.handler is events.stream:
        node["x-events"] = {kind.value: [{"$ref": _ref(data)} for data in kinds] for kind, kinds in events.DATA.items()}
    if one.scope is not None:
        node["security"] = [{name: []} for name in _SECURITY] + ([] if one.strict else [{}])
        node["x-scope"] = one.scope.value
    return node


def _id(one: Operation) -> str:
    words = re.findall(r"[a-z0-9]+", one.path.removeprefix("/panel"))
    return "_".join((one.method.lower(), *words))


def _path_parameters(one: Operation) -> Iterator[Node]:
    for name in re.findall(r"\{(\w+)\}", one.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _query_parameters(query: Mapping[str, Node]) -> Iterator[Node]:
    for name, schema in query.items():
        yield {"name": name, "in": "query", "style": "form", "explode": False, "schema": schema}


def _responses(one: Operation) -> Iterator[tuple[str, Node]]:
    headers = {"headers": {"ETag": {"required": True, "schema": {"type": "string"}}}} if one.tagged else {}
    for status, kind in sorted(one.answers.items()):
        shown = _texts(kind) if isinstance(kind, str) else {_JSON: {"schema": {"$ref": _ref(kind)}}}
        for other in one.streams:
            shown |= _texts(other)
        yield str(status), {"description": _reason(status), "content": shown, **headers}
    for status in _errors(one):
        content: Mapping[str, Node] = {_JSON: {"schema": {"$ref": _ref(Failure)}}}
        yield str(status), {"description": _reason(status), "content": content}


def _texts(content_type: str) -> Node:
    """Return the content of an answer that is no record."""
    kind = content_type.partition(";")[0]
    return {kind: {"schema": {} if kind == _JSON else {"type": "string"}}}


def _errors(one: Operation) -> list[int]:
    found = set(one.errors)
    if one.scope is not None:
        found |= {401, 403}
    if one.strict:
        found |= {400, 503}
    if one.body is not None:
        found |= set(_OF_BODIES)
    return sorted(found)


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _ref(kind: type) -> str:
    return _REF.format(name=kind.__name__)


def _reason(status: int) -> str:
    return reason_of(status).decode()
