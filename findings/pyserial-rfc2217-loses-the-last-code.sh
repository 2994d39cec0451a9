#!/bin/sh
# pyserial 3.5: what came over rfc2217:// just before the connection ended cannot be read any more, whatever the timeout.
#
# A thread of its own reads the network and fills a queue. Once that thread has ended, `read` raises without looking into
# the queue, although `in_waiting` goes on counting what is there; `write` goes on answering that it has written. A gun's
# whole code, ended by CR LF and counted by pyserial, is lost, and an acknowledgement is sent to nobody.
# `socket://` gives the same code with timeout=0, and loses it with any other.
#
# Seen with Python 3.11, the far end being pyserial's own PortManager:
#   rfc2217:// timeout=0  in_waiting: 7  read: connection failed (reader thread died)  write: 1
#   rfc2217:// timeout=1  in_waiting: 7  read: connection failed (reader thread died)  write: 1
#   socket://  timeout=0  read: b'SN-1\r\n'
#   socket://  timeout=1  read: read failed: socket disconnected
#
# So the queue is read by a subclass of ours, and sockets are read with timeout=0. No ScanStation runs here.
set -eu
python=${PYTHON:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyserial==3.5
"$folder/venv/bin/python" -W ignore - <<'PROGRAM'
import socket
import sys
import threading
import time

import serial
from serial.rfc2217 import PortManager

CODE = b"SN-1\r\n"


class FarEnd:
    """A gun behind a device server that ends right after a code."""

    def __init__(self, speaks_telnet):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.end = threading.Event()
        self.speaks_telnet = speaks_telnet
        threading.Thread(target=self.serve, daemon=True).start()

    def write(self, data):
        self.line.sendall(data)

    def serve(self):
        self.line, _ = self.server.accept()
        if self.speaks_telnet:
            manager = PortManager(serial.serial_for_url("loop://", timeout=0), self)
            self.line.settimeout(0.1)
            while not self.end.is_set():
                try:
                    list(manager.filter(self.line.recv(1024)))
                except TimeoutError:
                    pass
        self.end.wait()
        self.write(CODE)
        self.line.close()


def told(use):
    try:
        return str(use())
    except serial.SerialException as error:
        return str(error)


found = []
for scheme in ("rfc2217", "socket"):
    for timeout in (0, 1):
        far_end = FarEnd(scheme == "rfc2217")
        more = "?ign_set_control" if scheme == "rfc2217" else ""
        port = serial.serial_for_url(f"{scheme}://127.0.0.1:{far_end.server.getsockname()[1]}{more}", timeout=timeout)
        far_end.end.set()
        time.sleep(1)
        words = [f"{scheme + '://':<10} timeout={timeout}"]
        if scheme == "rfc2217":
            words.append(f"in_waiting: {port.in_waiting}")
        words.append(f"read: {told(lambda: port.read(100))}")
        if scheme == "rfc2217":
            words.append(f"write: {told(lambda: port.write(bytes([6])))}")
        found.append("  ".join(words))
        port.close()
print(*found, sep="\n")
DIED = "in_waiting: 7  read: connection failed (reader thread died)  write: 1"
seen = [
    f"rfc2217:// timeout=0  {DIED}",
    f"rfc2217:// timeout=1  {DIED}",
    f"socket://  timeout=0  read: {CODE}",
    "socket://  timeout=1  read: read failed: socket disconnected",
]
sys.exit(0 if found == seen else "pyserial does otherwise now")
PROGRAM
