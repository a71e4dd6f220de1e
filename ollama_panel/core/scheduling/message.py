"""The base of the dispatcher's messages; see `messages`."""

import msgspec


class Message(msgspec.Struct, frozen=True, tag=True):
    """An event or an action: plain data, so that they can be logged and replayed."""
