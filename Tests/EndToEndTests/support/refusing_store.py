"""Stores that a real server cannot be made to play: one that answers an error, one that says nothing."""

import contextlib
import hashlib
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class RefusingS3:
    """Answers every request with one error, and remembers what it was sent."""

    status: int
    code: str
    endpoint: str = ""
    requests: list[dict] = field(default_factory=list)


@contextlib.contextmanager
def refusing_s3(status: int, code: str):
    store = RefusingS3(status, code)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(store))
    store.endpoint = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield store
    finally:
        server.shutdown()
        server.server_close()


def handler(store: RefusingS3):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            sha256 = hashlib.sha256(body).hexdigest()
            store.requests.append({"path": self.path, "headers": headers, "sha256": sha256})
            answer = f"<Error><Code>{store.code}</Code><Message>Not now.</Message></Error>".encode()
            self.send_response(store.status)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    return Handler


@contextlib.contextmanager
def silent_s3():
    """Yields the endpoint of a server that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
