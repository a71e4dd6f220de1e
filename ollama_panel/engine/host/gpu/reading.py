"""The reading of a memory."""

import msgspec


class Memory(msgspec.Struct, frozen=True):
    """Bytes in total and in use by all processes; `label` is its name for the user, `gpu`: a GPU uses it."""

    label: str
    total: int
    used: int
    gpu: bool = True
