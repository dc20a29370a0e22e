"""Frames larger than the service's memory would have them."""

import contextlib
import os
import pathlib
import time
import unittest
import zlib

import example

MIB = 1024 * 1024


def upload(size):
    return size.to_bytes(8, "big")


class uploads(unittest.TestCase):
    def setUp(self):
        resources = contextlib.ExitStack()
        self.addCleanup(resources.close)
        self.service = resources.enter_context(example.serving("example_uploads"))
        self.peer = example.connect(self.service.addresses[0])
        self.addCleanup(self.peer.close)

    def answer(self):
        """Its own frames have eight bytes of length as well."""
        received = b""
        while len(received) < 8 or len(received) < 8 + int.from_bytes(received[:8], "big"):
            more = self.peer.recv(1)
            if not more:
                return None
            received += more
        return received[8:].decode().split()

    def resident(self):
        status = pathlib.Path(f"/proc/{self.service.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024

    def test_are_summed_whatever_their_size(self):
        for content in (b"", b"x", b"hello" * 1000, bytes(range(256)) * 4096):
            self.peer.sendall(upload(len(content)) + content)
            self.assertEqual(self.answer(), [str(len(content)), str(zlib.adler32(content))])
        self.assertEqual(self.service.metric("uploads_total"), 4)
        self.assertEqual(self.service.metric("uploads_bytes_total"), 1 + 5000 + MIB)

    def test_do_not_take_memory(self):
        self.peer.sendall(upload(1) + b"x")
        self.answer()
        before = self.resident()
        part = bytes(range(256)) * (MIB // 256)
        self.peer.sendall(upload(256 * MIB))
        checksum = 1
        for _ in range(256):
            self.peer.sendall(part)
            checksum = zlib.adler32(part, checksum)
            # A sanitizer has memory of its own for each of ours, and stacks that grow.
            if "SANITIZED" not in os.environ:
                self.assertLess(self.resident(), before + 4 * MIB)
        self.assertEqual(self.answer(), [str(256 * MIB), str(checksum)])

    def test_end_where_a_length_cannot_be(self):
        self.peer.sendall(b"\xff" * 8)
        self.assertIsNone(self.answer())

    def test_end_where_one_would_be_larger_than_they_may(self):
        self.peer.sendall(upload(16 * 1024 * MIB + 1))
        self.assertIsNone(self.answer())

    def test_end_where_one_comes_too_slowly(self):
        """A byte now and then extends nothing."""
        self.peer.sendall(upload(MIB))
        self.peer.settimeout(0.5)
        began = time.monotonic()
        while time.monotonic() < began + example.WAIT:
            try:
                self.peer.sendall(b"x")
                self.assertEqual(self.peer.recv(1), b"")
                break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        self.assertLess(time.monotonic(), began + 15)
        self.assertEqual(self.service.metric("uploads_total"), 0)
        self.assertGreater(self.service.metric("uploads_bytes_total"), 2)

    def test_end_where_the_stream_ends_inside_one(self):
        self.peer.sendall(upload(100) + b"x" * 50)
        self.peer.shutdown(example.socket.SHUT_WR)
        self.assertIsNone(self.answer())


if __name__ == "__main__":
    example.main()
