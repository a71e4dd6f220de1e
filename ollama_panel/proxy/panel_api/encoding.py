"""Records as JSON for programs: without secrets, and with an English `text` in each notice."""

from typing import Any

import msgspec

from ollama_panel.core import redact
from ollama_panel.core.notices import Notice
from ollama_panel.core.notices.render import with_text
from ollama_panel.core.panel_api import CreatedKey, Log
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import RequestRecord


def encode(record: msgspec.Struct) -> bytes:
    """Return a record as JSON."""
    return msgspec.json.encode(_RecordEncoder().content(record))


class NoticeEncoder:
    """Adds texts to the records of requests; equal notices are rendered once."""

    def __init__(self) -> None:
        self._notices: dict[tuple[object, ...], msgspec.Raw] = {}

    def request(self, record: RequestRecord) -> object:
        """Return what is encoded as the record."""
        if record.why is None and not record.slow:
            return record
        told = {"why": record.why and self.notice(record.why), "slow": [self.notice(one) for one in record.slow]}
        return msgspec.to_builtins(msgspec.structs.replace(record, why=None, slow=())) | told

    def notice(self, it: Notice) -> msgspec.Raw:
        """Return what is encoded as a notice."""
        key = it.code, it.level, it.action, it.evidence, it.ways, *it.values.items()
        found = self._notices.get(key)
        if found is None:
            shown = msgspec.convert(without_secrets(msgspec.to_builtins(it)), Notice)
            found = self._notices[key] = msgspec.Raw(msgspec.json.encode(with_text(shown)))
        return found


class _RecordEncoder(NoticeEncoder):
    """Adds them to all records; settings have no notices."""

    def content(self, value: object) -> object:
        """Return what is encoded as a value."""
        match value:
            case CreatedKey() | Log():
                shown: object = value  # the one is shown once; the other has no secrets since it was read
            case RequestRecord():
                shown = self.request(value)
            case Notice():
                shown = self.notice(value)
            case Settings():
                shown = redact.settings(value)
            case PoolSettings():
                shown = self._fields(redact.pool(value), keep=PoolSettings.__struct_fields__)
            case msgspec.Struct():
                shown = self._fields(value)
            case tuple():
                shown = [self.content(one) for one in value]
            case _:
                shown = redact.text(value) if isinstance(value, str) else value
        return shown

    def _fields(self, value: msgspec.Struct, keep: tuple[str, ...] = ()) -> dict[str, object]:
        parts = ((name, getattr(value, name)) for name in value.__struct_fields__)
        config = value.__struct_config__
        tag = {} if config.tag_field is None else {config.tag_field: config.tag}
        return tag | {name: part if name in keep else self.content(part) for name, part in parts}


def without_secrets(content: Any) -> Any:
    """Return builtin objects whose texts have no login of a URL and the like: a notice may quote what failed."""
    match content:
        case str():
            return redact.text(content)
        case dict():
            return {key: without_secrets(value) for key, value in content.items()}
        case list() | tuple():
            return [without_secrets(value) for value in content]
        case _:
            return content
