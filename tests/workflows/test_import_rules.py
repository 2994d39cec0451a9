"""The codes of an imported file: read by columns as they are read one by one."""

from hypothesis import given
from hypothesis import strategies as st

from scanstation.domain.codes import read_code
from scanstation.workflows.import_rules import read_serials


@given(st.lists(st.text(st.sampled_from("aZ9 -~\n\x85\u00a0\u200b１ß") | st.characters(), max_size=66), max_size=5))
def test_serials_read_together_are_what_each_is_by_itself(cells: list[str]) -> None:
    assert list(read_serials(cells)) == [read_code(cell) if cell else None for cell in cells]


@given(st.lists(st.text("aZ9 ~", max_size=66), max_size=5))
def test_plain_serials_read_together_are_what_each_is_by_itself(cells: list[str]) -> None:
    assert list(read_serials(cells)) == [read_code(cell) if cell else None for cell in cells]
