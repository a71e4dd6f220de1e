"""What settings become when an offer of a notice is accepted."""

import msgspec

from ollama_panel.core.context_notices import raised
from ollama_panel.core.notices import ChangePools, FollowUpdates, Offer, RaiseContext, UseStore
from ollama_panel.core.settings.edits import changed_pools
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.store_notices import using


def accepted(settings: Settings, offer: Offer) -> Settings:
    """Return the settings after an offer was accepted."""
    match offer:
        case RaiseContext():
            return raised(settings, offer)
        case ChangePools():
            return changed_pools(settings, offer)
        case UseStore():
            return using(settings, offer)
        case FollowUpdates():
            follows = msgspec.structs.replace(settings.ollama, follow_updates=True)
            return msgspec.structs.replace(settings, ollama=follows)
