"""The part of the table of the panel's API that is about settings and pools; see `routes`."""

from collections.abc import Mapping
from typing import Any

from ollama_panel.core.panel_api import V1, Effects, Pool, PoolChanged, Pools, SettingsAnswer, SettingsChanged
from ollama_panel.core.settings.tree import PoolSettings, Scope
from ollama_panel.proxy.panel_api import pools, settings
from ollama_panel.proxy.panel_api.call import Operation
from ollama_panel.proxy.panel_api.settings import ChangeQuery

_VALUES = Mapping[str, Any]
"""A body of values by keys: its types are those of the settings, which `codec` checks."""

OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", f"{V1}/settings", settings.show, "All settings", {200: SettingsAnswer}, tagged=True),
    Operation(
        "PATCH",
        f"{V1}/settings",
        settings.change,
        "Change settings by their keys, all or none",
        {200: SettingsChanged},
        Scope.CONTROL,
        query=ChangeQuery,
        body=_VALUES,
        errors=(409, 412, 500),
        tagged=True,
    ),
    Operation(
        "POST",
        f"{V1}/settings/undo",
        settings.undo,
        "Take the last change of the settings back",
        {200: SettingsChanged},
        Scope.CONTROL,
        errors=(409, 500),
    ),
    Operation("GET", f"{V1}/pools", pools.show_all, "All pools", {200: Pools}),
    Operation(
        "POST",
        f"{V1}/pools",
        pools.create,
        "Make a pool",
        {201: PoolChanged},
        Scope.CONTROL,
        query=ChangeQuery,
        body=PoolSettings,
        errors=(409, 500),
        tagged=True,
    ),
    Operation("GET", f"{V1}/pools/{{name}}", pools.show, "One pool", {200: Pool}, errors=(404,), tagged=True),
    Operation(
        "PATCH",
        f"{V1}/pools/{{name}}",
        pools.change,
        "Change settings of a pool",
        {200: PoolChanged},
        Scope.CONTROL,
        query=ChangeQuery,
        body=_VALUES,
        errors=(404, 409, 412, 500),
        tagged=True,
    ),
    Operation(
        "DELETE",
        f"{V1}/pools/{{name}}",
        pools.remove,
        "Remove a pool",
        {200: Effects},
        Scope.CONTROL,
        query=ChangeQuery,
        errors=(404, 409, 412, 500),
    ),
)
