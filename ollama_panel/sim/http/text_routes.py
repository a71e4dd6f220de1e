"""The routes for text: they check a request, run it on the machine, and answer in the dialect of the path."""

import itertools
from collections.abc import Callable

import msgspec
from aiohttp import web

from ollama_panel.sim.driver import Driver, Mail
from ollama_panel.sim.http import anthropic, native, openai, responses
from ollama_panel.sim.http.body import BadBodyError, Document, decode, encode
from ollama_panel.sim.http.dialect_writer import DialectWriter
from ollama_panel.sim.http.inference_request import InferenceRequest, of_chat, of_generate
from ollama_panel.sim.http.library import Library, named_well
from ollama_panel.sim.http.text import Reply
from ollama_panel.sim.http.wire import RefusedError, send, send_json, start
from ollama_panel.sim.machine.model import Model
from ollama_panel.sim.machine.work import Counters, Done, Event, Failed, Started, Tokens

_numbers = itertools.count(1)
NO_MEDIA = (
    '{"error":{"code":400,"message":"Multimodal data provided, but model does not support multimodal requests.",'
    '"type":"invalid_request_error"}}'
)
Reader = Callable[[Document], InferenceRequest]
Maker = Callable[[InferenceRequest, Reply], DialectWriter]

ROUTES: dict[str, tuple[str, Reader, Maker, str]] = {
    "/api/chat": ("ChatRequest", of_chat, native.chat, "chat"),
    "/api/generate": ("GenerateRequest", of_generate, native.generate, "generate"),
    "/v1/chat/completions": ("ChatCompletionRequest", openai.of_chat, openai.ChatCompletion, "chat"),
    "/v1/completions": ("CompletionRequest", openai.of_completion, openai.Completion, "generate"),
    "/v1/responses": ("ResponsesRequest", responses.of_response, responses.Response, "chat"),
    "/v1/messages": ("MessagesRequest", anthropic.of_messages, anthropic.Messages, "chat"),
}


class TextRoutes:
    """Answers the chat and generate routes of every dialect."""

    def __init__(self, driver: Driver, library: Library) -> None:
        self._driver, self._library = driver, library

    async def answer(self, request: web.Request, path: str, raw: bytes) -> web.StreamResponse:
        """Answer a request. Raises BadBodyError if it is invalid, RefusedError if it cannot be served."""
        go_type, read, make, verb = ROUTES[path]
        inference = read(decode(raw, go_type))
        model = self._checked(inference, path, verb)
        if inference.empty and inference.keep_alive == 0:
            self._driver.unload(model.name)
            return await send_json(request, _at_once(path, inference, "unload"))
        reply = Reply((), "load") if inference.empty else inference.reply(model)
        writer = make(inference, reply)
        if inference.images and "vision" not in model.capabilities:
            raise RefusedError(400, NO_MEDIA, late=True)
        if model.remote_host:
            return await self._remote(request, writer, inference, reply)
        keep = None if inference.keep_alive is None else self._driver.stretched(inference.keep_alive)
        work = inference.work(f"{next(_numbers)}", model, reply, keep)
        mail = self._driver.submit(work, quiet=inference.empty or not inference.stream)
        try:
            if inference.stream and not inference.empty:
                return await self._stream(request, writer, mail)
            return await self._whole(request, writer, inference, mail, path)
        finally:
            self._driver.forget(work.id)

    def _checked(self, inference: InferenceRequest, path: str, verb: str) -> Model:
        if not inference.name and verb == "chat":
            raise RefusedError(400, "model is required")
        if inference.name and not named_well(inference.name):
            raise RefusedError(400, "invalid model name")
        model = self._library.find(inference.name)
        if model is None:
            raise RefusedError(404, f"model '{inference.name}' not found")
        if model.remote_host and self._library.cloud_disabled:
            raise RefusedError(403, "ollama cloud is disabled: remote model is unavailable")
        if inference.empty and inference.keep_alive == 0:
            return model  # any model is unloaded (Ollama v0.32 `server/routes.go` GenerateHandler, ChatHandler)
        if model.embedding:
            raise RefusedError(400, f'"{inference.name}" does not support {verb}')
        if inference.tools and "tools" not in model.capabilities:
            raise RefusedError(400, f"registry.ollama.ai/library/{model.name} does not support tools")
        if inference.think and "thinking" not in model.capabilities and path.startswith("/api/"):
            raise RefusedError(400, f'"{inference.name}" does not support thinking')
        return model

    async def _stream(self, request: web.Request, writer: DialectWriter, mail: Mail) -> web.StreamResponse:
        response: web.StreamResponse | None = None
        position, began = 0, False
        while True:
            for event in await mail.take():
                if isinstance(event, Failed) and response is None:
                    raise RefusedError(event.status, event.message, late=began)
                began = began or isinstance(event, Started)
                parts = self._parts(writer, event, position)
                position += event.count if isinstance(event, Tokens) else 0
                if response is None and parts:
                    response = await start(request, writer.stream_type, headers=writer.extra.items())
                for part in parts:
                    await response.write(part)  # type: ignore[union-attr]  # parts have started it
                if isinstance(event, Done | Failed) and response is not None:
                    await response.write_eof()
                    return response

    def _parts(self, writer: DialectWriter, event: Event, position: int) -> list[bytes]:
        if isinstance(event, Tokens):
            return [part for index in range(position, position + event.count) for part in writer.piece(index)]
        if isinstance(event, Done):
            return writer.end(self._seen(event.counters))
        return writer.broken(event.message) if isinstance(event, Failed) else []

    async def _whole(
        self, request: web.Request, writer: DialectWriter, inference: InferenceRequest, mail: Mail, path: str
    ) -> web.StreamResponse:
        for event in await mail.take():
            if isinstance(event, Failed):
                raise RefusedError(event.status, event.message)
            if isinstance(event, Done) and inference.empty and path.startswith("/api/"):
                return await send_json(request, _at_once(path, inference, "load"))
            if isinstance(event, Done):
                return await send_json(request, writer.whole(self._seen(event.counters)), writer.whole_type)
        raise AssertionError("a quiet mailbox opens at the end only")

    async def hear(self, inference: InferenceRequest) -> str:
        """Return the model's text for a transcription. Raises RefusedError if it cannot be served."""
        model = self._checked(inference, "/v1/audio/transcriptions", "chat")
        if "audio" not in model.capabilities:
            raise RefusedError(400, NO_MEDIA, late=True)
        reply = inference.reply(model)
        work = inference.work(f"{next(_numbers)}", model, reply, None)
        mail = self._driver.submit(work, quiet=True)
        try:
            end = (await mail.take())[-1]
        finally:
            self._driver.forget(work.id)
        if isinstance(end, Failed):
            raise RefusedError(end.status, end.message)
        return reply.text.strip()

    async def _remote(
        self, request: web.Request, writer: DialectWriter, inference: InferenceRequest, reply: Reply
    ) -> web.StreamResponse:
        """Answer for a cloud model: at once, without a slot."""
        counters = Counters(1000, 0, sum(tokens for _, tokens in inference.prompt()), 0, 400, len(reply.pieces), 600)
        if not inference.stream:
            return await send(request, encode(writer.whole(counters)), writer.whole_type)
        response = await start(request, writer.stream_type, headers=writer.extra.items())
        for index in range(len(reply.pieces)):
            for part in writer.piece(index):
                await response.write(part)
        for part in writer.end(counters):
            await response.write(part)
        await response.write_eof()
        return response

    def _seen(self, counters: Counters) -> Counters:
        """Return counters in wall time, as a client sees it."""
        wall = self._driver.wall_us
        return msgspec.structs.replace(
            counters,
            total_us=wall(counters.total_us),
            load_us=wall(counters.load_us),
            prompt_us=wall(counters.prompt_us),
            output_us=wall(counters.output_us),
        )


def _at_once(path: str, inference: InferenceRequest, reason: str) -> Document:
    """Answer that a model was loaded or unloaded."""
    return native.Native(inference, Reply((), reason), chat=path == "/api/chat").at_once(reason)


def wants_stream(path: str, raw: bytes) -> bool:
    """Return whether a request that failed wanted a stream (the framing of late errors depends on it)."""
    go_type, read, _, _ = ROUTES[path]
    try:
        return read(decode(raw, go_type)).stream
    except BadBodyError:
        document = decode(raw, go_type)
        return document.get("stream") is not False if path.startswith("/api/") else bool(document.get("stream"))
