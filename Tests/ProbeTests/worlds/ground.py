"""A network of its own, so that a probe meets no one, and no one else's traffic is counted as its own."""

import ctypes
import fcntl
import os
import socket
import struct
from concurrent.futures import ThreadPoolExecutor

CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS = 0x8914
IFF_UP = 1


class Ground:
    """A network namespace that one thread lives in: what it opens and starts lives there too."""

    def __init__(self):
        self._thread = ThreadPoolExecutor(1, initializer=leave_network)

    def run(self, function, *arguments, **named):
        """Calls a function where the probes are."""
        return self._thread.submit(function, *arguments, **named).result()

    def close(self):
        self._thread.shutdown()


def leave_network():
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"unshare: {os.strerror(error)}")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as anything:
        fcntl.ioctl(anything, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))
