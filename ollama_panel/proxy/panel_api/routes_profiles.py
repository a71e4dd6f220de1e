"""The part of the table of the panel's API that is about profiles; see `routes`."""

from ollama_panel.core.panel_api import V1, Done, PoolChanged
from ollama_panel.core.profile_answers import NewProfile, ProfileAnswer, Profiles
from ollama_panel.core.settings.tree import Scope
from ollama_panel.proxy.panel_api import profiles
from ollama_panel.proxy.panel_api.call import Operation

_PATH = f"{V1}/profiles"
OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", _PATH, profiles.show_all, "All profiles, without all that was tried", {200: Profiles}),
    Operation(
        "POST",
        f"{_PATH}/{{name}}/apply",
        profiles.apply,
        "Give a pool the settings of a profile",
        {200: PoolChanged},
        Scope.CONTROL,
        query=profiles.ProfileQuery,
        errors=(404, 409, 500),
        tagged=True,
    ),
    Operation("GET", f"{_PATH}/{{name}}", profiles.show, "One profile", {200: ProfileAnswer}, errors=(404,)),
    Operation(
        "PUT",
        f"{_PATH}/{{name}}",
        profiles.save,
        "Save a profile: the result of a tuning, the settings of a pool, or one of another panel",
        {200: ProfileAnswer},
        Scope.CONTROL,
        body=NewProfile,
        errors=(404, 500),
    ),
    Operation(
        "DELETE",
        f"{_PATH}/{{name}}",
        profiles.remove,
        "Forget a profile",
        {200: Done},
        Scope.CONTROL,
        errors=(404, 500),
    ),
)
