"""Ports by name: recorded lists of ports, and what each name leads to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from serial.tools.list_ports_common import ListPortInfo

from scanstation.devices.port_names import (
    BadPortName,
    FoundPort,
    PortMissing,
    SeveralPorts,
    find_port,
    found_ports,
    holders,
    is_usb_name,
)


def usb_port(
    device: str, vid: int, pid: int, serial_number: str | None, maker: str = "", product: str = ""
) -> ListPortInfo:
    """A port as pyserial lists it."""
    port = ListPortInfo(device, skip_link_detection=True)
    port.vid, port.pid, port.serial_number = vid, pid, serial_number
    port.manufacturer, port.product = maker or None, product or None
    port.apply_usb_info()
    return port


BUILT_IN = ListPortInfo("/dev/ttyS0", skip_link_detection=True)
HONEYWELL = usb_port("/dev/ttyACM0", 0x0C2E, 0x0B6A, "19246B0C88", "Honeywell", "1950 Area-Imaging Scanner")
ITS_TWIN = usb_port("/dev/ttyACM1", 0x0C2E, 0x0B6A, "19246B0C91", "Honeywell", "1950 Area-Imaging Scanner")
ADAPTER = usb_port("/dev/ttyUSB0", 0x067B, 0x2303, None, "Prolific", "USB-Serial Controller")
ITS_DOUBLE = usb_port("/dev/ttyUSB1", 0x067B, 0x2303, None, "Prolific", "USB-Serial Controller")


@pytest.mark.parametrize(
    "name",
    [
        "/dev/ttyACM0",
        "/dev/serial/by-id/usb-Honeywell_1950-if00",
        "COM3",
        "socket://10.0.0.5:4001",
        "socket://[::1]:4001",
        "rfc2217://host.example:4001",
        "loop://",
    ],
)
def test_a_path_or_a_url_is_what_it_says(name: str) -> None:
    assert find_port(name) == name


@pytest.mark.parametrize("name", ["usb:0c2e:0b6a", "usb:0C2E:0B6A", "USB:0c2e:0b6a:19246B0C88"])
def test_a_usb_name_leads_to_the_device_that_has_it_now(name: str) -> None:
    assert is_usb_name(name)
    assert find_port(name, [BUILT_IN, ADAPTER, HONEYWELL]) == "/dev/ttyACM0"


def test_a_usb_name_is_found_under_another_device_after_replugging() -> None:
    moved = usb_port("/dev/ttyACM7", 0x0C2E, 0x0B6A, "19246B0C88")
    assert find_port("usb:0c2e:0b6a:19246B0C88", [ITS_TWIN, moved]) == "/dev/ttyACM7"


def test_a_usb_name_that_fits_two_devices_is_refused_and_both_are_named() -> None:
    with pytest.raises(SeveralPorts) as refusal:
        find_port("usb:0c2e:0b6a", [ITS_TWIN, BUILT_IN, HONEYWELL])
    assert "/dev/ttyACM0 (serial number 19246B0C88) and /dev/ttyACM1 (serial number 19246B0C91)" in str(refusal.value)


def test_the_serial_number_chooses_between_two_devices() -> None:
    assert find_port("usb:0c2e:0b6a:19246B0C91", [HONEYWELL, ITS_TWIN]) == "/dev/ttyACM1"


def test_devices_without_a_serial_number_cannot_be_told_apart() -> None:
    with pytest.raises(SeveralPorts, match="without a serial number"):
        find_port("usb:067b:2303", [ADAPTER, ITS_DOUBLE])


@pytest.mark.parametrize("name", ["usb:0c2e:0b6a:OTHER", "usb:1234:5678"])
def test_a_device_that_is_not_plugged_in_is_missing(name: str) -> None:
    with pytest.raises(PortMissing, match=name):
        find_port(name, [BUILT_IN, HONEYWELL])


@pytest.mark.parametrize(
    "name",
    [
        "ttyACM0",
        "usb:",
        "usb:0c2e",
        "usb:honeywell:1950",
        "spy:///dev/ttyACM0",
        "http://10.0.0.5:4001",
        "socket://10.0.0.5",
        "socket://:4001",
        "socket://10.0.0.5:99999",
        "/dev/ttyACM0\x00",
        "rfc2217://[::1:4001",
    ],
)
def test_what_can_be_no_port_is_refused_with_what_to_write(name: str) -> None:
    with pytest.raises(BadPortName, match=r"is no port\. (Write|There is)"):
        find_port(name, [HONEYWELL])


def test_what_a_device_says_about_itself_is_shown_and_not_run() -> None:
    hostile = usb_port("/dev/ttyACM0", 1, 2, "A\x1b[2J", "Evil\x07", "[red]")
    (found,) = found_ports([hostile], Path("/nowhere"))
    assert found.what == "Evil␇ [red]"
    with pytest.raises(SeveralPorts, match=r"A␛\[2J"):
        find_port("usb:0001:0002", [hostile, hostile])


def test_ports_are_shown_with_the_name_that_is_best_written_down(tmp_path: Path) -> None:
    device = tmp_path / "ttyACM0"
    device.touch()
    by_id = tmp_path / "by-id"
    by_id.mkdir()
    link = by_id / "usb-Honeywell_1950-if00"
    link.symlink_to(device)
    linked = usb_port(str(device), 0x0C2E, 0x0B6A, "19246B0C88", "Honeywell", "1950")
    assert found_ports([ADAPTER, ITS_DOUBLE, ITS_TWIN, BUILT_IN, linked], by_id) == [
        FoundPort("/dev/ttyACM1", "usb:0c2e:0b6a:19246B0C91", "Honeywell 1950 Area-Imaging Scanner"),
        FoundPort("/dev/ttyS0", "/dev/ttyS0", ""),
        FoundPort("/dev/ttyUSB0", "/dev/ttyUSB0", "Prolific USB-Serial Controller"),
        FoundPort("/dev/ttyUSB1", "/dev/ttyUSB1", "Prolific USB-Serial Controller"),
        FoundPort(str(device), str(link), "Honeywell 1950"),
    ]


def test_who_has_a_port_open_is_known_through_any_link_to_it(tmp_path: Path) -> None:
    master, slave = os.openpty()
    link = tmp_path / "gun"
    link.symlink_to(os.ttyname(slave))
    reader = "import sys; line = open(sys.argv[1]); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", reader, str(link)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        found = holders(str(link))
        other.communicate()
    os.close(master)
    os.close(slave)
    assert {holder.pid for holder in found} == {os.getpid(), other.pid}
    assert [holder.pid for holder in found if holder.is_this_process] == [os.getpid()]
    assert all("python" in str(holder) or "pytest" in str(holder) for holder in found)
    assert [holder.pid for holder in found if holder.is_rival] == [other.pid]


def test_who_made_a_pseudo_terminal_and_has_both_ends_open_is_no_rival_but_the_one_of_another_is() -> None:
    maker = "import os; far, near = os.openpty(); print(os.ttyname(near), flush=True); input()"
    far, near = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", maker], stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[near], text=True
    ) as other:
        assert other.stdout is not None
        (its_own,) = holders(other.stdout.readline().strip())
        (at_ours,) = (holder for holder in holders(os.ttyname(near)) if holder.pid == other.pid)
        other.communicate("\n")
    os.close(far)
    os.close(near)
    assert (its_own.pid, its_own.is_rival) == (other.pid, False)
    assert at_ours.is_rival
