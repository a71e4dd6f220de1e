"""The types of values in the settings tree, with their limits and forms."""

from typing import Annotated

from msgspec import Meta

Port = Annotated[int, Meta(ge=1, le=65535)]
Count = Annotated[int, Meta(ge=1, le=1_000_000_000)]
Seconds = Annotated[float, Meta(ge=0, le=31_536_000, extra_json_schema={"unit": "seconds"})]
"""A year at most: every clock and timer can add it."""

ListenHost = Annotated[str, Meta(extra_json_schema={"form": "listen"})]
HostName = Annotated[str, Meta(extra_json_schema={"form": "host"})]
ProgramPath = Annotated[str, Meta(extra_json_schema={"form": "program"})]
FolderPath = Annotated[str, Meta(extra_json_schema={"form": "folder"})]
Label = Annotated[str, Meta(extra_json_schema={"form": "name"})]
Digest = Annotated[str, Meta(extra_json_schema={"form": "digest"})]
"""Texts with a form; `core.settings.forms` has them."""
Duration = Annotated[str, Meta(extra_json_schema={"form": "duration"})]
"""A time in Ollama's words, such as 5m, -1 for ever, or "" for Ollama's own."""
