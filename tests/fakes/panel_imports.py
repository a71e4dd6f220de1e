"""The imports of a panel without an engine."""

from ollama_panel.core.errors import PanelError
from ollama_panel.core.importing.record import Imported, ImportPlan, ImportRequest, LastImport, SourceRead, Taken
from ollama_panel.core.notices import notice
from ollama_panel.core.panel_api import SettingsChanged
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.sources.record import Place, SourceKind

DROP_IN = "/etc/systemd/system/ollama.service.d/override.conf"
PLAN = ImportPlan(
    "made-up",
    (SourceRead(SourceKind.SYSTEMD, DROP_IN, 1),),
    (
        Taken(
            "pools.chat.parallel",
            notice("import.parallel", name="OLLAMA_NUM_PARALLEL", value="4", pool="chat"),
            (Place(DROP_IN, 2, "Environment=OLLAMA_NUM_PARALLEL=4"),),
        ),
    ),
)


class FakeImports:
    """Knows the unit `ollama` alone; `requests` is what it was asked for."""

    def __init__(self) -> None:
        self.requests: list[ImportRequest] = []
        self.done = LastImport()

    async def plan(self, request: ImportRequest) -> ImportPlan:
        self.requests.append(request)
        if request.what not in ("ollama", "") or not (request.what or request.sources):
            raise PanelError(notice("looking.nothing", what=request.what))
        return PLAN

    async def apply(self, request: ImportRequest, *, wait: bool) -> Imported:
        plan = await self.plan(request)
        if request.plan not in ("", plan.id):
            raise PanelError(notice("import.changed"))
        self.done = LastImport(1.0, (DROP_IN,))
        return Imported(1.0, plan)

    async def undo(self, *, wait: bool, at: float | None = None) -> SettingsChanged:
        if self.done == LastImport():
            raise PanelError(notice("import.none_to_undo"))
        self.done = LastImport()
        return SettingsChanged(Settings(), (), ())

    async def last(self) -> LastImport:
        return self.done
