"""Why a paper is not printed."""

from scanstation.domain.codes import shorten
from scanstation.domain.outcome import Refused
from scanstation.domain.sentences.phrases import phrase
from scanstation.domain.sentences.texts import Texts

_TEXTS = Texts(
    {
        "not-printed/start": "Nothing is printed: no process was started ({cause}).",
        "not-printed/ended": "Printing ended by itself. Print it again from the order's page.",
        "not-printed/paper": "The {paper} of {number} was not printed. {why} Print it again from its page.",
        "not-printed/papers": "The {paper} of {number} were not printed. {why} Print it again from its page.",
        "not-printed/house": "The label of {house} was not printed. {why} Write {house} on the unit, or print it again "
        "from its life, F3.",
        "not-printed/house-start": "No process was started ({cause}).",
        "not-printed/house-ended": "Printing ended by itself.",
        "not-printed/store": "Nothing was printed. {why} Print it again then.",
        "format/paper": "{file_name} does not say its form. End it in {known}.",
    }
)


def no_printing_process(cause: object, house: str = "") -> Refused:
    """The system does not let the printing begin; `house`: of the label of a serial that the site gave."""
    if house:
        return house_label_not_printed(house=house, why=_TEXTS("not-printed/house-start", cause=cause))
    return _TEXTS.refused("not-printed/start", cause=cause)


def printing_ended(house: str = "") -> Refused:
    """A printing process that ended by itself."""
    if house:
        return house_label_not_printed(house=house, why=_TEXTS("not-printed/house-ended"))
    return _TEXTS.refused("not-printed/ended")


def paper_not_printed(*, paper: str, number: str, is_one: bool, why: object) -> Refused:
    """A printer, a queue or a folder that did not take a paper; what to do about that comes with why."""
    name = "not-printed/paper" if is_one else "not-printed/papers"
    return _TEXTS.refused(name, paper=phrase(paper), number=shorten(number), why=why)


def house_label_not_printed(*, house: str, why: object) -> Refused:
    """Likewise the label of a serial that the site gave."""
    return _TEXTS.refused("not-printed/house", house=shorten(house), why=why)


def not_printed_by_store(why: str, house: str = "") -> Refused:
    """The store could not be read for it."""
    if house:
        return house_label_not_printed(house=house, why=why)
    return _TEXTS.refused("not-printed/store", why=why)


def no_such_form(file_name: str, known: str) -> Refused:
    """A file whose name says no form of a paper."""
    return _TEXTS.refused("format/paper", file_name=shorten(file_name), known=known)
