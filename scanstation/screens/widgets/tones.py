"""How a tone looks; the word is always written beside it."""

from scanstation.domain.verdict import Tone

BLOCK = {Tone.OK: "$ok-ink on $ok", Tone.CHECK: "$check-ink on $check", Tone.STOP: "$stop-ink on $stop"}
"""For a filled area."""
WORD = {Tone.OK: "$ok-word", Tone.CHECK: "$check-word", Tone.STOP: "$stop-word"}
"""For a word on the screen's ground."""
