"""An ERP's server for tests: a real one that fails, hangs, answers late and comes back, as it is told for each post."""

import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.erp import Picture

SECRET = "a secret of the site"
LONGEST_S = 60.0
"""So long it waits for whoever gives up first."""


@dataclass(slots=True)
class ErpServer:
    """What it was sent, and how it behaves."""

    url: str = ""
    picture: Picture = field(default_factory=Picture)
    posts: list[int] = field(default_factory=list)
    """The numbers of all posts, also of those that were not taken."""
    behave: Callable[[int], str] = lambda _: "take"
    """By a message's number: `take`, `twice` (taken, and answered two times), `late` (taken, answered when nobody
    waits any more), `lost` (taken, and told as an error), `hang`, `cut` (hung up on), or a status."""
    one_by_one: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def erp_server() -> Iterator[ErpServer]:
    """A server on a port of this host."""
    erp = ErpServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = LONGEST_S

        def handle(self) -> None:
            with suppress(ConnectionError):  # who posts was killed
                super().handle()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert (
                self.headers["ScanStation-Signature"] == f"sha256={hmac.digest(SECRET.encode(), body, 'sha256').hex()}"
            )
            message = json.loads(body)
            assert self.headers["ScanStation-Number"] == str(message["number"])
            with erp.one_by_one:
                erp.posts.append(message["number"])
                how = erp.behave(message["number"])
                if how in ("take", "twice", "late", "lost"):
                    erp.picture.hear(message)
            with suppress(OSError):  # nobody waits any more
                if how in ("hang", "late"):
                    self.rfile.read(1)  # until who posts hangs up
                if how in ("hang", "cut"):
                    self.close_connection = True
                    return
                for _ in range(2 if how == "twice" else 1):
                    self.send_response(500 if how == "lost" else int(how) if how.isdigit() else 204)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing: standard error is the tests'."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    erp.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield erp
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
