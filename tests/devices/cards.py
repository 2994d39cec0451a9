"""Check cards as scanners send them, and what is found of those."""

from scanstation.devices.check_up import check_up, check_up_scanner
from scanstation.devices.examining import Examiner, hear_all
from scanstation.devices.serial_settings import SerialSettings
from scanstation.devices.tap import Chunk
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain.check_card import PLAIN_CARD, find_card_like
from scanstation.domain.heard import CheckUp

MARKED = f"]C0{PLAIN_CARD}"
SCANNER = SerialSettings("gun1", "/dev/null")


def checked(chunks: list[Chunk], settings: WedgeSettings | None = None) -> CheckUp:
    settings = settings or WedgeSettings()
    (heard,) = hear_all(Examiner(settings), chunks)
    card = find_card_like(heard.body)
    assert card is not None
    return check_up(card, heard, settings)


def checked_scanner(chunks: list[Chunk], scanner: SerialSettings = SCANNER) -> CheckUp:
    (heard,) = hear_all(Examiner(WedgeSettings(), [scanner]), chunks)
    card = find_card_like(heard.body.removeprefix("\x02"))
    assert card is not None
    return check_up_scanner(card, heard, scanner)
