"""HTTP by hand, for servers that must be able to do it badly."""

import contextlib
import select
import socket
import struct
import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """A request's head as it was received."""

    method: str
    target: str
    fields: tuple[tuple[str, str], ...]
    version: str = "HTTP/1.1"

    @property
    def headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.fields}

    @property
    def is_last(self) -> bool:
        """Whether the caller waits for the connection's end after the answer."""
        return self.version == "HTTP/1.0" or self.headers.get("connection", "").lower() == "close"

    @property
    def length(self) -> int:
        return int(self.headers.get("content-length", "0"))


class Connection:
    """One caller's connection, owned by one thread."""

    def __init__(self, own: socket.socket):
        self._socket = own
        self._buffer = b""

    def read_head(self) -> Request | None:
        """Returns the next request's head; None where the caller has hung up."""
        while b"\r\n\r\n" not in self._buffer:
            piece = self._receive()
            if not piece:
                return None
            self._buffer += piece
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, version = first.split(" ", 2)
        pairs = (line.partition(":") for line in lines)
        return Request(method, target, tuple((name, value.strip()) for name, _, value in pairs), version)

    def read_body(self, length: int) -> bytes:
        """Returns as much of a body as comes."""
        while len(self._buffer) < length:
            piece = self._receive()
            if not piece:
                break
            self._buffer += piece
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return body

    def read_some(self, most: int) -> bytes:
        if not self._buffer:
            self._buffer = self._receive(most)
        piece, self._buffer = self._buffer[:most], self._buffer[most:]
        return piece

    def write(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self._socket.sendall(data)

    def reset(self) -> None:
        """Ends the connection with a reset in place of an orderly end."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._socket.close()

    @property
    def has_more(self) -> bool:
        """Whether the caller has sent more, or hung up."""
        return bool(self._buffer) or bool(select.select([self._socket], [], [], 0)[0])

    def wait_for_the_end(self) -> None:
        """Waits until the caller, or the server's own end, ends the connection."""
        while self._receive():
            pass

    def _receive(self, most: int = 1 << 16) -> bytes:
        try:
            return self._socket.recv(most)
        except OSError:
            return b""


class Server:
    """Listens on a free port and gives each connection a thread; to be used with `with`."""

    def __init__(self, port: int = 0):
        self._listener = socket.create_server(("127.0.0.1", port))
        self._open: dict[int, Connection] = {}
        self._lock = threading.Lock()

    @property
    def port(self) -> int:
        return self._listener.getsockname()[1]

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def connections(self) -> int:
        """How many are open now."""
        with self._lock:
            return len(self._open)

    def serve(self, connection: Connection, number: int) -> None:
        """Serves one connection until it is over."""
        raise NotImplementedError

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            left = list(self._open.values())
        for connection in left:
            connection.hang_up()

    def _accept(self) -> None:
        number = 0
        while True:
            try:
                accepted, _ = self._listener.accept()
            except OSError:
                return
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(accepted)
            with self._lock:
                self._open[number] = connection
            threading.Thread(target=self._run, args=(connection, number), daemon=True).start()
            number += 1

    def _run(self, connection: Connection, number: int) -> None:
        try:
            self.serve(connection, number)
        finally:
            connection.close()
            with self._lock:
                del self._open[number]


def reply(status: int, headers: dict[str, str], body: bytes) -> bytes:
    fields = {"Content-Length": str(len(body)), **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} Scripted\r\n{lines}\r\n".encode("latin-1") + body
