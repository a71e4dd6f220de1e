"""Texts that are made up, always the same for the same names."""

from hashlib import blake2b

_WORDS = (  # noqa: SIM905 - a list of 150 strings would be as many lines
    "time year people way day man thing woman life child world school state family student group country problem hand "
    "part place case week company system program question work government number night point home water room mother "
    "area money story fact month lot right study book eye job word business issue side kind head house service friend "
    "father power hour game line end member law car city community name president team minute idea kid body back "
    "parent face others level office door health person art war history party result change morning reason research "
    "girl guy moment air teacher force education foot boy age policy music market sense nation plan college interest "
    "death experience effect use class control care field development role effort rate heart drug show leader light "
    "voice wife whole police mind price report decision son view town road arm difference value building action"
).split()
"""Common words: tokenizers of models that know English have one token for each of them."""
_BLOCK = 64
"""The longest digest of BLAKE2b, in bytes."""


def words(number: int, *names: object) -> str:
    """Return this many words, always the same for the same names."""
    blocks = range(-(-number // _BLOCK))
    digests = b"".join(blake2b(repr((*names, block)).encode(), digest_size=_BLOCK).digest() for block in blocks)
    return " ".join(_WORDS[byte % len(_WORDS)] for byte in digests[:number])
