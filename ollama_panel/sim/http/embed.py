"""The routes for embeddings: `/api/embed`, `/api/embeddings`, `/v1/embeddings`."""

import base64
import itertools
from typing import Any

from aiohttp import web

from ollama_panel.sim.driver import Driver
from ollama_panel.sim.http import openai, text
from ollama_panel.sim.http.body import BadBodyError, Document, decode, keep_alive_of, options_of
from ollama_panel.sim.http.inference_request import load_options
from ollama_panel.sim.http.library import Library
from ollama_panel.sim.http.native import metrics
from ollama_panel.sim.http.wire import RefusedError, send_json
from ollama_panel.sim.machine.model import Model
from ollama_panel.sim.machine.work import Counters, Done, Failed, Kind, Work

_NO_EMBEDDING = "This server does not support embeddings. Start it with `--embeddings`"
_numbers = itertools.count(1)


class Embed:
    """Answers requests for embeddings. Times in the answers are wall time."""

    def __init__(self, driver: Driver, library: Library) -> None:
        self._driver, self._library = driver, library

    async def embed(self, request: web.Request, raw: bytes) -> web.StreamResponse:
        """Answer `/api/embed`. Raises BadBodyError if it is invalid, RefusedError if it cannot be served."""
        document = decode(raw, "EmbedRequest")
        texts = _inputs(document.get("input"))
        name = document.get("model") or ""
        vectors, counters = await self._vectors(document, texts, missing=f"model '{name}' not found")
        found: Document = {"model": name, "embeddings": vectors}
        if texts:
            wall = self._driver.wall_us
            found |= metrics(Counters(wall(counters.total_us), wall(counters.load_us), counters.prompt_tokens))
        return await send_json(request, found)

    async def embeddings(self, request: web.Request, raw: bytes) -> web.StreamResponse:
        """Answer `/api/embeddings`, the older form. Raises BadBodyError and RefusedError like `embed`."""
        document = decode(raw, "EmbeddingRequest")
        prompt = document.get("prompt") or ""
        name = document.get("model") or ""
        missing = f"model '{name}' not found"
        vectors, _ = await self._vectors(document, [prompt] if prompt else [], missing=missing, unfit=500)
        return await send_json(request, {"embedding": vectors[0] if vectors else []})

    async def v1_embeddings(self, request: web.Request, raw: bytes) -> web.StreamResponse:
        """Answer `/v1/embeddings`. Raises BadBodyError and RefusedError like `embed`."""
        document = decode(raw, "EmbedRequest")
        given = document.get("input")
        form = str(document.get("encoding_format") or "float").lower()
        if form not in ("float", "base64"):
            supported = "Supported values: ['float', 'base64']."
            raise BadBodyError(f"Invalid value for 'encoding_format' = {document['encoding_format']}. {supported}")
        if given is None or given == []:
            raise BadBodyError("invalid input")
        name = document.get("model") or ""
        texts = [""] if given == "" else _inputs(given)
        vectors, counters = await self._vectors(document, texts, missing=f"model '{name}' not found")
        data = [
            {
                "object": "embedding",
                "embedding": base64.b64encode(text.packed(vector)).decode() if form == "base64" else vector,
                "index": index,
            }
            for index, vector in enumerate(vectors)
        ]
        sums = {"prompt_tokens": counters.prompt_tokens, "total_tokens": counters.prompt_tokens}
        answer = {"object": "list", "data": data, "model": name, "usage": sums}
        return await send_json(request, answer, openai.JSON_TYPE)

    async def _vectors(
        self, document: Document, texts: list[str], *, missing: str, unfit: int = 501
    ) -> tuple[list[list[float]], Counters]:
        options = options_of(document)
        keep_alive = keep_alive_of(document)
        model = self._library.find(document.get("model") or "")
        if model is None:
            raise RefusedError(404, _try_pull(document.get("model") or "") if document.get("model") else missing)
        items = _lengths(document, texts, model)
        work = Work(
            f"e{next(_numbers)}",
            model.name,
            Kind.EMBED if model.embedding else Kind.LOAD,
            items=items,
            options=load_options(options),
            keep_alive_us=None if keep_alive is None else self._driver.stretched(keep_alive),
        )
        counters = await self._run(work)
        if not model.embedding and texts:
            raise RefusedError(unfit, _NO_EMBEDDING)
        width = int(document.get("dimensions") or 0)
        found = [text.vector(item, model.width) for item in texts]
        return [text.shorten(vector, width) for vector in found] if 0 < width < model.width else found, counters

    async def _run(self, work: Work) -> Counters:
        mail = self._driver.submit(work, quiet=True)
        try:
            end = (await mail.take())[-1]
            if isinstance(end, Failed):
                raise RefusedError(end.status, end.message)
            return end.counters if isinstance(end, Done) else Counters(0)
        finally:
            self._driver.forget(work.id)


def _inputs(given: Any) -> list[str]:
    if given is None:
        return []
    if isinstance(given, str):
        return [given] if given else []
    if isinstance(given, list) and all(isinstance(item, str) for item in given):
        return list(given)
    raise RefusedError(400, "invalid input type")


def _lengths(document: Document, texts: list[str], model: Model) -> tuple[int, ...]:
    lengths = [text.tokens_in(item) + 2 for item in texts]
    if document.get("truncate") is False and any(length > model.context for length in lengths):
        raise RefusedError(400, "the input length exceeds the context length")
    return tuple(min(length, model.context) for length in lengths)


def _try_pull(name: str) -> str:
    return f'model "{name}" not found, try pulling it first'
