"""What `doctor` says of a store."""

from scanstation.domain.outcome import Done, Refused
from scanstation.store.store import Store
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep import upkeep
from tests.builders import product


def fitness(store: Store) -> Done | Refused:
    return upkeep.fitness(f"sqlite:///{store.path}")


def test_a_serial_pattern_that_cannot_be_used_is_told_with_its_product(site: Site, store: Store) -> None:
    product(site, "GOOD", 3, pattern="A[0-9]+", secondary_pattern="B.*")
    product(site, "CAM", 3, pattern=r"(?=A)\w+", secondary_pattern="B.*")
    product(site, "LAP", 3, client="OTHER", secondary_pattern="B(")

    answer = fitness(store)

    assert isinstance(answer, Refused)
    assert [reason.name for reason in answer.reasons] == ["pattern", "pattern"]
    first, second = (reason.text for reason in answer.reasons)
    assert first.startswith(
        r"CAM of NORDWIND: its primary serial pattern (?=A)\w+ is not a regular expression that can be used here: "
    )
    assert first.endswith(
        "Until it is corrected, on the products screen or by loading the product again, no new serial fits it."
    )
    assert second.startswith("LAP of OTHER: its secondary serial pattern B( is not ")


def test_of_many_such_patterns_the_first_are_told(site: Site, store: Store) -> None:
    for number in range(23):
        product(site, f"CAM-{number:02}", 1, pattern="(")

    answer = fitness(store)

    assert isinstance(answer, Refused)
    assert len(answer.reasons) == 21
    assert answer.reasons[-1].text == "… and 3 more such patterns."


def test_a_store_whose_patterns_can_be_used_is_fit(site: Site, store: Store) -> None:
    product(site, "GOOD", 3, pattern="A[0-9]+", secondary_pattern="B.*")
    assert isinstance(fitness(store), Done)
