"""What holds where config.toml says nothing, of settings that rules and plans know too."""

from typing import Final

PLACEHOLDERS: Final = (
    "N/A",
    "NA",
    "NONE",
    "NULL",
    "UNKNOWN",
    "TBD",
    "TBA",
    "-",
    "?",
    "TO BE FILLED BY O.E.M.",
)
"""What stands on labels and in sheets where there is no serial; a site may list others (`rules.not_serials`)."""
HOUSE_PREFIX: Final = "HS-"
"""What the serials begin with that the site gives."""
UNITS_IN_RANGE: Final = 100
"""How many units one range of serials may name."""
BACKUP_EVERY_HOURS: Final = 24.0
BACKUPS_KEPT: Final = 14
DOTS_PER_MM: Final = 8.0
"""Of a label printer."""
HOOK_TIMEOUT_S: Final = 10.0
"""So long a post to a server of an ERP may take."""
HANDED_OVER_KEPT_DAYS: Final = 30.0
PIN_FILE: Final = "SCANSTATION_PIN_FILE"
"""The one variable outside the form: the file with the PIN of who gives a command, or of who hands over."""
