"""The simulated store: it lists, shows, pulls, creates, copies and deletes models; of blobs it keeps the digests."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator

import msgspec
from aiohttp import web

from ollama_panel.core.ollama.models import canonical
from ollama_panel.sim.http import shapes
from ollama_panel.sim.http.body import Document, decode, encode
from ollama_panel.sim.http.dialect_writer import moment
from ollama_panel.sim.http.native import JSON_TYPE, NDJSON_TYPE
from ollama_panel.sim.http.openai import JSON_TYPE as OPENAI_TYPE
from ollama_panel.sim.http.wire import RefusedError, send, send_json, start
from ollama_panel.sim.machine.catalog import KNOWN
from ollama_panel.sim.machine.model import Model, fingerprint

_NAME = re.compile(r"[a-z0-9][a-z0-9._/-]*(:[a-z0-9][a-z0-9._-]*)?", re.IGNORECASE)
_DIGEST = re.compile(r"sha256[:-][0-9a-f]{64}")
_PULL_STEPS, _STEP_S = 4, 0.02


class Library:
    """The models of one store. `speed` shortens the (simulated) transfers."""

    def __init__(self, models: dict[str, Model], *, cloud_disabled: bool, speed: float) -> None:
        self.models = models
        self.cloud_disabled = cloud_disabled
        self._speed = speed
        self._blobs: set[str] = set()

    def find(self, name: str) -> Model | None:
        """Find a model by any spelling of its name."""
        return self.models.get(canonical(name)) if name else None

    async def tags(self, request: web.Request) -> web.StreamResponse:
        """Answer `/api/tags`, newest first."""
        return await send_json(request, {"models": [shapes.tag(model) for model in self._newest()]})

    async def v1_models(self, request: web.Request) -> web.StreamResponse:
        """Answer `/v1/models`."""
        data = [shapes.listed(model, model.name) for model in self._newest()]
        return await send_json(request, {"object": "list", "data": data}, OPENAI_TYPE)

    async def v1_model(self, request: web.Request, name: str) -> web.StreamResponse:
        """Answer `/v1/models/{model}`. Raises RefusedError if there is no such model."""
        model = self.find(name)
        if model is None:
            raise RefusedError(404, f"model '{canonical(name)}' not found")
        return await send_json(request, shapes.listed(model, name), OPENAI_TYPE)

    async def show(self, request: web.Request, raw: bytes) -> web.StreamResponse:
        """Answer `/api/show`. Raises BadBodyError if it is invalid, RefusedError if there is no such model."""
        document = decode(raw, "ShowRequest")
        name = _named(document)
        if not name:
            raise RefusedError(400, "model is required")
        if not named_well(name):
            raise RefusedError(400, "invalid model name")
        model = self.find(name)
        if model is None:
            raise RefusedError(404, f"model '{canonical(name)}' not found")
        return await send_json(request, shapes.show(model, verbose=bool(document.get("verbose"))))

    async def delete(self, request: web.Request, raw: bytes) -> web.StreamResponse:
        """Answer `/api/delete`. Raises BadBodyError if it is invalid, RefusedError if there is no such model."""
        name = _named(decode(raw, "DeleteRequest"))
        if not named_well(name):
            raise RefusedError(400, f'name "{name}" is invalid')
        model = self.find(name)
        if model is None:
            raise RefusedError(404, f"model '{name}' not found")
        del self.models[model.name]
        return await send(request, b"", JSON_TYPE)

    async def copy(self, request: web.Request, raw: bytes) -> web.StreamResponse:
        """Answer `/api/copy`. Raises BadBodyError if it is invalid, RefusedError if there is no such model."""
        document = decode(raw, "CopyRequest")
        source, target = document.get("source") or "", document.get("destination") or ""
        for kind, name in (("source", source), ("destination", target)):
            if not named_well(name):
                raise RefusedError(400, f'{kind} "{name}" is invalid')
        model = self.find(source)
        if model is None:
            raise RefusedError(404, f'model "{source}" not found')
        self._add(model, canonical(target))
        return await send(request, b"", JSON_TYPE)

    async def pull(self, request: web.Request, raw: bytes) -> web.StreamResponse:
        """Answer `/api/pull`: only known models exist. Raises BadBodyError or RefusedError if it is invalid."""
        document = decode(raw, "PullRequest")
        name = _named(document)
        if not named_well(name):
            raise RefusedError(400, "invalid model name")
        return await self._progress(request, document, self._pulling(canonical(name)))

    async def push(self, request: web.Request, raw: bytes) -> web.StreamResponse:
        """Answer `/api/push`: there is no registry to push to. Raises BadBodyError or RefusedError if it is invalid."""
        document = decode(raw, "PushRequest")
        name = _named(document)
        if not name:
            raise RefusedError(400, "model is required")
        return await self._progress(request, document, self._pushing(name))

    async def create(self, request: web.Request, raw: bytes) -> web.StreamResponse:
        """Answer `/api/create` from a model or from blobs. Raises BadBodyError or RefusedError if it is invalid."""
        document = decode(raw, "CreateRequest")
        name = _named(document)
        if not named_well(name):
            raise RefusedError(400, "invalid model name")
        if not document.get("from") and not document.get("files"):
            raise RefusedError(400, "neither 'from' or 'files' was specified", late=True)
        return await self._progress(request, document, self._creating(canonical(name), document))

    async def blob(self, request: web.Request, digest: str) -> web.StreamResponse:
        """Answer `/api/blobs/{digest}`: HEAD checks, POST uploads in parts. Raises RefusedError if it is invalid."""
        if not _DIGEST.fullmatch(digest):
            raise RefusedError(400, "invalid digest format")
        if digest in self._blobs:
            return await send(request, b"", JSON_TYPE)
        if request.method == "HEAD":
            raise RefusedError(404, f'blob "{digest}" not found')
        found = hashlib.sha256()
        async for part in request.content.iter_any():
            found.update(part)
        got = "sha256:" + found.hexdigest()
        if got != digest:
            raise RefusedError(400, f'digest mismatch, expected "{digest}", got "{got}"')
        self._blobs.add(digest)
        return await send(request, b"", JSON_TYPE, 201)

    def _newest(self) -> list[Model]:
        return sorted(self.models.values(), key=lambda model: model.modified_at, reverse=True)

    def _add(self, model: Model, name: str, **changes: object) -> None:
        self.models[name] = msgspec.structs.replace(
            model, name=name, digest=fingerprint(name), modified_at=moment(), **changes
        )

    async def _progress(
        self, request: web.Request, document: Document, steps: AsyncIterator[Document]
    ) -> web.StreamResponse:
        """Send progress as lines, or its last state as one object."""
        if document.get("stream") is False:
            last: Document = {}
            async for step in steps:
                last = step
            if "error" in last:
                return await send(request, encode(last), OPENAI_TYPE, 500)
            return await send_json(request, last)
        response: web.StreamResponse | None = None
        async for step in steps:
            if response is None and "error" in step:
                raise RefusedError(500, step["error"], late=True)
            response = response or await start(request, NDJSON_TYPE)
            await response.write(encode(step) + b"\n")
        if response is None:
            raise AssertionError("progress says at least one thing")
        await response.write_eof()
        return response

    async def _pulling(self, name: str) -> AsyncIterator[Document]:
        yield {"status": "pulling manifest"}
        model = KNOWN.get(name)
        if model is None:
            yield {"error": "pull model manifest: file does not exist"}
            return
        about = {"status": f"pulling {model.blob[:12]}", "digest": "sha256:" + model.blob, "total": model.size}
        for step in range(_PULL_STEPS + 1):
            yield {**about, "completed": model.size * step // _PULL_STEPS} if step else about
            await asyncio.sleep(_STEP_S / self._speed)
        for status in ("verifying sha256 digest", "writing manifest"):
            yield {"status": status}
        self.models.setdefault(name, model)
        yield {"status": "success"}

    async def _pushing(self, name: str) -> AsyncIterator[Document]:
        yield {"status": "retrieving manifest"}
        if self.find(name) is None:
            yield {"status": "couldn't retrieve manifest"}
            yield {"error": "file does not exist"}
        else:
            yield {
                "error": "you are not authorized to push to this namespace, create the model under a namespace you own"
            }

    async def _creating(self, name: str, document: Document) -> AsyncIterator[Document]:
        base = self.find(str(document.get("from") or "")) if document.get("from") else KNOWN["tiny:latest"]
        if base is None:
            yield {"error": "pull model manifest: file does not exist"}
            return
        if document.get("files"):
            yield {"status": "parsing GGUF"}
        for layer in (base.blob, fingerprint(base.template)):
            yield {"status": "using existing layer sha256:" + layer}
        parameters = document.get("parameters") or {}
        yield {"status": "creating new layer sha256:" + fingerprint(repr(parameters))}
        yield {"status": "writing manifest"}
        changes: Document = {"parent": base.parent or base.name}
        changes |= {"num_ctx": int(parameters["num_ctx"])} if parameters.get("num_ctx") else {}
        changes |= {key: str(document[key]) for key in ("template", "system") if document.get(key)}
        self._add(base, name, **changes)
        yield {"status": "success"}


def named_well(name: str) -> bool:
    """Return whether Ollama accepts the name of a model."""
    return bool(_NAME.fullmatch(name))


def _named(document: Document) -> str:
    return str(document.get("model") or document.get("name") or "")
