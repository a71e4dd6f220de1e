"""What slows an AMD card down, from the table that amdgpu's file `gpu_metrics` has in binary.

The layout is that of the kernel's `kgd_pp_interface.h`: a header of size, format and content revision, and in some of
its versions 64 bits whose meaning does not depend on the chip (`indep_throttle_status`), which `amdgpu_smu.h` names
(`SMU_THROTTLER_*`).
"""

import struct

from ollama_panel.core.telemetry import Throttle

_HEADER = struct.Struct("<HBB")
_STATUS = struct.Struct("<Q")
_OFFSETS = {(1, 3): 112, (2, 2): 120, (2, 3): 120, (2, 4): 120}
"""Where the bits are, by format and content revision: cards since RDNA 1 and chips with an APU up to Ryzen 8000."""

_UNSUPPORTED = (1 << 64) - 1
"""The driver fills the table with ones before it writes what the chip tells."""

_KINDS = {
    Throttle.POWER: (*range(8), *range(16, 24), 56),  # power (PPT, SPL, ...), current (TDC, EDC) and their packages
    Throttle.THERMAL: range(32, 48),  # of the chip, its memory and regulators; PROCHOT
}


def throttles_in(table: bytes) -> frozenset[Throttle] | None:
    """Return what slows a card down, None if the table does not tell."""
    if len(table) < _HEADER.size:
        return None
    _, *version = _HEADER.unpack_from(table)
    offset = _OFFSETS.get((version[0], version[1]))
    if offset is None or len(table) < offset + _STATUS.size:
        return None
    (status,) = _STATUS.unpack_from(table, offset)
    if status == _UNSUPPORTED:
        return None
    return frozenset(kind for kind, bits in _KINDS.items() if any(status >> bit & 1 for bit in bits))
