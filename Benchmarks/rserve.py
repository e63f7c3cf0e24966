"""As much of Rserve's protocol, QAP1, as one evaluation a connection needs."""

import socket
import struct
import time

GREETING = 32
COMMAND_EVAL, TYPE_STRING, RESPONSE_OK = 3, 4, 0x10001


def receive(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise SystemExit("Rserve closed the connection")
        data += piece
    return data


def evaluate(port: int, code: str) -> float:
    """Connects, which forks, evaluates, and returns the milliseconds that both took."""
    start = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        receive(connection, GREETING)
        text = code.encode() + b"\0"
        text += b"\0" * (-len(text) % 4)
        part = struct.pack("<I", TYPE_STRING | len(text) << 8) + text
        connection.sendall(struct.pack("<IIII", COMMAND_EVAL, len(part), 0, 0) + part)
        response, length, _, _ = struct.unpack("<IIII", receive(connection, 16))
        receive(connection, length)
    if response != RESPONSE_OK:
        raise SystemExit(f"Rserve could not evaluate {code}: {response:#x}")
    return (time.perf_counter() - start) * 1000
