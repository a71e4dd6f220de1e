"""The snapshot as JSON, for `/panel/status`."""

from collections.abc import Sequence

import msgspec

from ollama_panel.core import redact
from ollama_panel.core.alerts import Alert
from ollama_panel.core.findings import DoctorRecord
from ollama_panel.core.notices.render import with_texts
from ollama_panel.core.panel_api import AlertRecord
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.proxy.panel_api.encoding import NoticeEncoder, encode, without_secrets


def page(snapshot: Snapshot, alerts: Sequence[Alert] = (), wall: float = 0.0) -> bytes:
    """Return a snapshot and its alerts as JSON (`Status`), without secrets, and with an English `text` in each notice.

    `wall` is the time of the snapshot in seconds since 1970.

    No stream goes on meanwhile. So the 700 requests are encoded as they are, not searched for notices as the rest is,
    and most of those that wait do so for the same reason: 2 ms of CPU instead of 14 (measured).
    """
    settings = redact.settings(snapshot.settings)
    shown = redact.environment(snapshot.inherited.variables)
    inherited = msgspec.structs.replace(snapshot.inherited, variables=shown)
    rest = msgspec.structs.replace(
        snapshot,
        settings=settings,
        inherited=inherited,
        tuning=None,
        requests=(),
        finished=(),
        doctor=DoctorRecord(),
    )
    shown_alerts = [AlertRecord.of(one, snapshot.at, wall) for one in alerts]
    whole = msgspec.to_builtins(rest) | {"alerts": msgspec.to_builtins(shown_alerts)}
    del whole["machine_alerts"]  # they are among the alerts
    content, told = without_secrets(whole), NoticeEncoder()
    requests = {name: list(map(told.request, getattr(snapshot, name))) for name in ("requests", "finished")}
    texts = {key: value if key == "settings" else with_texts(value) for key, value in content.items()}
    tuning = {} if snapshot.tuning is None else {"tuning": msgspec.Raw(encode(snapshot.tuning))}
    return msgspec.json.encode(texts | requests | tuning | {"doctor": _DOCTOR.of(snapshot.doctor)})


class _Encoded:
    """Keeps the JSON of the newest record of the doctor: it takes 5 ms (measured), and is seldom another one."""

    def __init__(self) -> None:
        self._record: DoctorRecord | None = None
        self._json = msgspec.Raw(b"null")

    def of(self, record: DoctorRecord) -> msgspec.Raw:
        """Return the JSON of a record."""
        if record is not self._record:
            self._record, self._json = record, msgspec.Raw(encode(record))
        return self._json


_DOCTOR = _Encoded()
