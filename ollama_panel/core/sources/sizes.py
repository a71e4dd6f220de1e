"""Sizes of memory as Docker and Kubernetes write them."""

import re

_DOCKER = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgtp]?)i?b?", re.IGNORECASE | re.ASCII)
_KUBERNETES = re.compile(r"(\d+(?:\.\d+)?)([kMGTPE]?)(i?)", re.ASCII)
_POWERS = {sign: power for power, sign in enumerate(("", "k", "m", "g", "t", "p", "e"))}


def of_docker(text: str) -> int | None:
    """Return bytes of `5g`, `512MB` or a number, always in powers of 1024 (docker/go-units `RAMInBytes`); else None."""
    found = _DOCKER.fullmatch(text.strip())
    if found is None or not float(found[1]):
        return None
    return int(float(found[1]) * 1024 ** _POWERS[found[2].lower()])


def of_kubernetes(text: str) -> int | None:
    """Return bytes of a quantity such as `8Gi`, `8G` or a number (apimachinery `resource.Quantity`), else None."""
    found = _KUBERNETES.fullmatch(text.strip())
    if found is None or not float(found[1]):
        return None
    return int(float(found[1]) * (1024 if found[3] else 1000) ** _POWERS[found[2].lower()])
