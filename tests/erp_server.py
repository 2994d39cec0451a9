"""An ERP's server for tests: a real one that fails, hangs, answers late and comes back, as it is told for each post."""

import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.erp import Picture

SECRET = "a secret of the site"


@dataclass(slots=True)
class ErpServer:
    """What it was sent, and how it behaves."""

    url: str = ""
    picture: Picture = field(default_factory=Picture)
    posts: list[int] = field(default_factory=list)
    """The numbers of all posts, also of those that were not taken."""
    behave: Callable[[int], str] = lambda _: "take"
    """By a message's number: `take`, `late` (taken, answered when nobody waits any more), `hang`, or a status."""
    ends: threading.Event = field(default_factory=threading.Event)


@contextmanager
def erp_server() -> Iterator[ErpServer]:
    """A server on a port of this host."""
    erp = ErpServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert (
                self.headers["ScanStation-Signature"] == f"sha256={hmac.digest(SECRET.encode(), body, 'sha256').hex()}"
            )
            message = json.loads(body)
            assert self.headers["ScanStation-Number"] == str(message["number"])
            erp.posts.append(message["number"])
            how = erp.behave(message["number"])
            if how in ("take", "late"):
                erp.picture.hear(message)
            if how in ("hang", "late"):
                erp.ends.wait(60)
            try:
                self.send_response(int(how) if how.isdigit() else 204)
                self.end_headers()
            except OSError:
                pass  # nobody waits any more

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing: standard error is the tests'."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    erp.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield erp
    finally:
        erp.ends.set()
        server.shutdown()
        thread.join()
        server.server_close()
