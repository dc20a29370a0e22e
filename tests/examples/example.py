"""Runs an example as its reader would: the built program, on free ports of loopback."""

import concurrent.futures
import contextlib
import os
import pathlib
import socket
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import black_box  # noqa: E402
from black_box import WAIT, ask, frame, receive_frame, reset, wait_until  # noqa: E402, F401

FOLDER = pathlib.Path(os.environ["WEIR_EXAMPLES"])
ANYWHERE = "127.0.0.1:0"


@contextlib.contextmanager
def serving(name, *words, listeners=2):
    service = black_box.running([FOLDER / name, *words, *[ANYWHERE] * listeners])
    with black_box.ending(service):
        service.wait_for_listeners(listeners)
        yield service


class side_by_side(unittest.TestSuite):
    """Each test has a service of its own, and waits for most of its time."""

    def run(self, result, debug=False):
        with concurrent.futures.ThreadPoolExecutor() as threads:
            list(threads.map(lambda test: test.run(result), self))
        return result


def main():
    """Runs the tests of the program that calls it."""
    loader = unittest.TestLoader()
    loader.suiteClass = side_by_side
    unittest.main(testLoader=loader)


def connect(address, receive_buffer=None):
    peer = socket.socket()
    peer.settimeout(WAIT)
    if receive_buffer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    peer.connect(address)
    return peer
