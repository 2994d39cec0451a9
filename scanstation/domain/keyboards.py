"""Keyboard layouts, as far as they change what a keyboard scanner's code becomes on its way.

A scanner that types presses keys and not characters: it presses the keys that give its code on the layout it is set
to, and the computer reads the same keys in the layout of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

DEAD = "•"
"""A key that gives nothing by itself, but changes the next one."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the 48 printing keys give, row by row from the top left, plain and with Shift."""

    name: str
    plain: str
    shifted: str

    def key_of(self, character: str) -> tuple[int, bool] | None:
        """The key that gives a character, and whether Shift is held; None where it takes AltGr or more."""
        for row, shift in ((self.plain, False), (self.shifted, True)):
            if character in row:
                return row.index(character), shift
        return None

    def gives(self, key: int, *, shift: bool) -> str:
        """What a key gives; `DEAD` for a dead one."""
        return (self.shifted if shift else self.plain)[key]


# A name, the keys plain, the keys with Shift. As libxkbcommon gives them for the layout of each country.
_TABLE: Final = r"""
US
`1234567890-=qwertyuiop[]asdfghjkl;'\<zxcvbnm,./
~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"|>ZXCVBNM<>?
British
`1234567890-=qwertyuiop[]asdfghjkl;'#\zxcvbnm,./
¬!"£$%^&*()_+QWERTYUIOP{}ASDFGHJKL:@~|ZXCVBNM<>?
German
•1234567890ß•qwertzuiopü+asdfghjklöä#<yxcvbnm,.-
°!"§$%&/()=?•QWERTZUIOPÜ*ASDFGHJKLÖÄ'>YXCVBNM;:_
Swiss
§1234567890'•qwertzuiopü•asdfghjklöä$<yxcvbnm,.-
°+"*ç%&/()=?•QWERTZUIOPè!ASDFGHJKLéà£>YXCVBNM;:_
French
²&é"'(-è_çà)=azertyuiop•$qsdfghjklmù*<wxcvbn,;:!
~1234567890°+AZERTYUIOP•£QSDFGHJKLM%µ>WXCVBN?./§
Belgian
²&é"'(§è!çà)-azertyuiop•$qsdfghjklmùµ<wxcvbn,;:=
³1234567890°_AZERTYUIOP•*QSDFGHJKLM%£>WXCVBN?./+
Spanish
º1234567890'¡qwertyuiop•+asdfghjklñ•ç<zxcvbnm,.-
ª!"·$%&/()=?¿QWERTYUIOP•*ASDFGHJKLÑ•Ç>ZXCVBNM;:_
Latin American
|1234567890'¿qwertyuiop•+asdfghjklñ{}<zxcvbnm,.-
°!"#$%&/()=?¡QWERTYUIOP•*ASDFGHJKLÑ[]>ZXCVBNM;:_
Italian
\1234567890'ìqwertyuiopè+asdfghjklòàù<zxcvbnm,.-
|!"£$%&/()=?^QWERTYUIOPé*ASDFGHJKLç°§>ZXCVBNM;:_
Portuguese
\1234567890'«qwertyuiop+•asdfghjklçº•<zxcvbnm,.-
|!"#$%&/()=?»QWERTYUIOP*•ASDFGHJKLÇª•>ZXCVBNM;:_
Brazilian
'1234567890-=qwertyuiop•[asdfghjklç•]\zxcvbnm,.;
"!@#$%•&*()_+QWERTYUIOP•{ASDFGHJKLÇ•}|ZXCVBNM<>:
Swedish
§1234567890+•qwertyuiopå•asdfghjklöä'<zxcvbnm,.-
½!"#¤%&/()=?•QWERTYUIOPÅ•ASDFGHJKLÖÄ*>ZXCVBNM;:_
Norwegian
|1234567890+\qwertyuiopå•asdfghjkløæ'<zxcvbnm,.-
§!"#¤%&/()=?•QWERTYUIOPÅ•ASDFGHJKLØÆ*>ZXCVBNM;:_
Danish
½1234567890+•qwertyuiopå•asdfghjklæø'<zxcvbnm,.-
§!"#¤%&/()=?•QWERTYUIOPÅ•ASDFGHJKLÆØ*>ZXCVBNM;:_
Dutch
@1234567890/°qwertyuiop•*asdfghjkl+•<]zxcvbnm,.-
§!"#$%&_()'?•QWERTYUIOP•|ASDFGHJKL±•>[ZXCVBNM;:=
Czech
;+ěščřžýáíé=•qwertzuiopú)asdfghjklů§•\yxcvbnm,.-
•1234567890%•QWERTZUIOP/(ASDFGHJKL"!'|YXCVBNM?:_
Slovak
;+ľščťžýáíé=•qwertzuiopúäasdfghjklô§ň\yxcvbnm,.-
•1234567890%•QWERTZUIOP/(ASDFGHJKL"!)|YXCVBNM?:_
Hungarian
0123456789öüóqwertzuiopőúasdfghjkléáűíyxcvbnm,.-
§'"+!%/=()ÖÜÓQWERTZUIOPŐÚASDFGHJKLÉÁŰÍYXCVBNM?:_
Croatian
`1234567890'+qwertzuiopšđasdfghjklčćž<yxcvbnm,.-
~!"#$%&/()=?*QWERTZUIOPŠĐASDFGHJKLČĆŽ>YXCVBNM;:_
Turkish
"1234567890*-qwertyuıopğüasdfghjklşi,<zxcvbnmöç.
é!'^+%&/()=?_QWERTYUIOPĞÜASDFGHJKLŞİ;>ZXCVBNMÖÇ:
Canadian French
#1234567890-=qwertyuiop••asdfghjkl;•<«zxcvbnm,.é
|!"/$%?&*()_+QWERTYUIOP••ASDFGHJKL:•>»ZXCVBNM'.É
"""
_LINES = _TABLE.strip("\n").split("\n")
LAYOUTS: Final = tuple(map(Layout, _LINES[::3], _LINES[1::3], _LINES[2::3]))
US: Final = LAYOUTS[0]
_DIGIT_KEYS = slice(1, 11)
DIGIT_ROWS: Final = frozenset(
    row.replace(DEAD, "")
    for layout in LAYOUTS
    for row in (layout.plain[_DIGIT_KEYS], layout.shifted[_DIGIT_KEYS])
    if not any(map(str.isdecimal, row))
) | {"ąčęėįšųū"}
"""What the keys 1 to 0 give in place of digits: without Shift where digits want it, and with Shift where they do not.
The last is Lithuanian."""
_KEYS = frozenset("".join(layout.plain + layout.shifted for layout in LAYOUTS)) - {DEAD}


def of_another_keyboard(text: str) -> bool:
    """Does a text hold what only a keyboard of another language gives? On labels there is ASCII and little else."""
    return any(
        character > "~" and (character in _KEYS or character.isalpha() or character.isdecimal()) for character in text
    )


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A scanner that types for one layout, at a computer that reads another."""

    scanner: str
    computer: str


def mismatches() -> Iterator[tuple[Mismatch, Layout, Layout]]:
    """Those that come up: a scanner or a computer as it came from the maker, for the US, and the other not."""
    for other in LAYOUTS[1:]:
        yield Mismatch(US.name, other.name), US, other
    for other in LAYOUTS[1:]:
        yield Mismatch(other.name, US.name), other, US


def typed(text: str, scanner: Layout, computer: Layout) -> list[str | None]:
    """What each character of a code becomes; None where that cannot be known: a dead key, or one with AltGr."""
    changed: list[str | None] = []
    for character in text:
        key = scanner.key_of(character)
        given = computer.gives(key[0], shift=key[1]) if key else DEAD
        changed.append(None if given == DEAD else given)
    return changed
