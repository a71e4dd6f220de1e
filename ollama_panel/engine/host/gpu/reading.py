"""What every way to ask for memory answers with."""

import msgspec


class Memory(msgspec.Struct, frozen=True):
    """Bytes in all and in use, by whomever; `label` says for people what memory it is, `gpu` whether a GPU uses it."""

    label: str
    total: int
    used: int
    gpu: bool = True
