"""The kinds of mistakes in configuration sources: the `code` of a `Mistake`."""

from typing import Final

# What the source sets does not reach a server.
NOTHING_SET: Final = "nothing-set"
COMMENTED_OUT: Final = "commented-out"
WRONG_UNIT: Final = "wrong-unit"
WRONG_SECTION: Final = "wrong-section"
OUTSIDE_SECTION: Final = "outside-section"
WRONG_PLACE: Final = "wrong-place"
WRAPPER_WITHOUT_VARIABLE: Final = "wrapper-without-variable"
CLIENT_SIDE: Final = "client-side"
NOT_EXPORTED: Final = "not-exported"
SET_AFTER_START: Final = "set-after-start"
NOT_PASSED_ON: Final = "not-passed-on"
OPTION_BEHIND_IMAGE: Final = "option-behind-image"
LOST_AT_REBOOT: Final = "lost-at-reboot"
EDITS_LOST: Final = "edits-lost"
RESTART_NEEDED: Final = "restart-needed"
UNREADABLE_FILE: Final = "unreadable-file"
IGNORED_KEY: Final = "ignored-key"

# It reaches a server otherwise than it is meant.
QUOTES_INSIDE: Final = "quotes-inside"
NOT_EXPANDED: Final = "not-expanded"
UNSET_VARIABLE: Final = "unset-variable"
BLANK_AROUND_EQUALS: Final = "blank-around-equals"
EXPORT_IN_ENVIRONMENT_FILE: Final = "export-in-environment-file"
COMMENT_IN_VALUE: Final = "comment-in-value"
NUMBER_NOT_TEXT: Final = "number-not-text"
BAD_SYNTAX: Final = "bad-syntax"
WRONG_SHAPE: Final = "wrong-shape"
DUPLICATE_KEY: Final = "duplicate-key"
NOT_EVALUATED: Final = "not-evaluated"

# A name or a value is wrong, whatever the source.
DEAD_VARIABLE: Final = "dead-variable"
FOLKLORE: Final = "folklore"
UNKNOWN_VARIABLE: Final = "unknown-variable"
MISSPELT: Final = "misspelt"
GFX_FORMAT: Final = "gfx-format"
BAD_VALUE: Final = "bad-value"
KV_WITHOUT_FLASH: Final = "kv-without-flash"
PARALLEL_WITHOUT_EFFECT: Final = "parallel-without-effect"

# A server is set up so that it is slow, open or out of reach.
OPEN_TO_NETWORK: Final = "open-to-network"
NO_GPU_IN_CONTAINER: Final = "no-gpu-in-container"
LOOPBACK_IN_CONTAINER: Final = "loopback-in-container"
WRONG_PORT: Final = "wrong-port"
