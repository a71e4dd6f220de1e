"""Steps of a recorded run, made by hand."""

from ollama_panel.core.ids import ClientId, ModelName, RequestId
from ollama_panel.core.records import Job, RequestClass, Role, Usage
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.event_log import Step

LLAMA = ModelName("llama3.1:8b")


def arrived(name: str, at_s: float, path: str = "/api/chat", **more: object) -> Step:
    job = Job(RequestId(name), ClientId("ann"), RequestClass.INTERACTIVE, Role.CHAT, LLAMA, path, stream=True, **more)  # type: ignore[arg-type]  # each test gives fields of the record
    return Step(round(at_s * 1e6), say.Arrived(job))


def finished(name: str, tokens: int) -> Step:
    return Step(0, say.Finished(RequestId(name), Usage(output_tokens=tokens)))
