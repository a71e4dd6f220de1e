"""`/v1/audio/transcriptions`: a form with a sound file is answered with its words (0.32 `middleware/openai.go`)."""

from aiohttp import web

from ollama_panel.sim.http.body import BadBodyError
from ollama_panel.sim.http.inference_request import InferenceRequest
from ollama_panel.sim.http.openai import JSON_TYPE
from ollama_panel.sim.http.text_routes import TextRoutes
from ollama_panel.sim.http.wire import send, send_json

_NO_FORM = "failed to parse multipart form: request Content-Type isn't multipart/form-data"


class Audio:
    """Answers requests for transcriptions."""

    def __init__(self, text_routes: TextRoutes) -> None:
        self._text_routes = text_routes

    async def transcribe(self, request: web.Request) -> web.StreamResponse:
        """Answer a request. Raises BadBodyError if it is invalid, RefusedError if it cannot be served."""
        if not request.content_type.startswith("multipart/"):
            raise BadBodyError(_NO_FORM)
        form = await request.post()
        model, file = form.get("model"), form.get("file")
        if not isinstance(model, str) or not model:
            raise BadBodyError("model is required")
        if not isinstance(file, web.FileField):
            raise BadBodyError("file is required: http: no such file")
        sound = file.file.read()
        if not sound:
            raise BadBodyError("audio file is empty")
        text = await self._text_routes.hear(
            InferenceRequest(model, (("user", f"{len(sound)} bytes of sound"),), stream=True)
        )
        if form.get("response_format") == "text":
            return await send(request, text.encode(), "text/plain")
        return await send_json(request, {"text": text}, JSON_TYPE)
