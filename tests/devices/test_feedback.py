"""What each kind of scanner is told."""

from itertools import product

import pytest

from scanstation.devices.feedback import PROFILES, Feedback, feedback


def test_the_bytes_are_those_of_the_makers() -> None:
    assert {name: (each.good.hex(" "), each.bad.hex(" ")) for name, each in PROFILES.items()} == {
        "none": ("", ""),
        "ack": ("06", ""),
        "bel": ("07", "07 07 07"),
        "honeywell": ("1b 37 2c", "1b 38 2c 1b 38 2c"),
        "datalogic": ("42", "46"),
        "gryphon": ("1b 5b 33 71", "1b 5b 34 71"),
        "zebra-ssi": ("05 e6 04 00 00 ff 11", "05 e6 04 00 05 ff 0c"),
        "cipherlab": ("23 40 2f 2f 2f 2f 0d", ""),
    }


def test_an_ssi_packet_has_its_length_and_its_checksum() -> None:
    for packet in (PROFILES["zebra-ssi"].good, PROFILES["zebra-ssi"].bad):
        assert packet[0] == len(packet) - 2
        assert (sum(packet[:-2]) + int.from_bytes(packet[-2:], "big")) % 0x10000 == 0


def test_custom_bytes_are_written_in_hex() -> None:
    own = feedback("custom", "1B 37 2C", "07")
    assert own == Feedback(b"\x1b7,", b"\x07")
    assert (own.bytes_for(ok=True), own.bytes_for(ok=False)) == (b"\x1b7,", b"\x07")


@pytest.mark.parametrize(("key", "text"), product(["good", "bad"], ["1B 3", "beep"]))
def test_what_is_not_hex_is_refused_by_its_key(key: str, text: str) -> None:
    with pytest.raises(ValueError, match=f"{key} must be bytes in hex"):
        feedback("custom", **{key: text})


def test_an_unknown_profile_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="honeywell"):
        feedback("acme")
