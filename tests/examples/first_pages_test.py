"""The examples that fill a page and take no words, as the README shows them, and a fault for each.

Their ports are fixed, so this runs in a network of its own, where nobody else has them.
"""

import contextlib
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import unittest

import example

SKIPPED = 77
INSIDE = "--inside"
OWN_NETWORK = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"',
               "sh"]


class a_page(unittest.TestCase):
    def setUp(self):
        self.resources = contextlib.ExitStack()
        self.addCleanup(self.resources.close)

    def serve(self, name, listeners, **options):
        service = example.black_box.running([example.FOLDER / name], **options)
        self.resources.enter_context(example.black_box.ending(service))
        service.wait_for_listeners(listeners)
        return service

    def get(self, path):
        return example.ask(("127.0.0.1", 8080), "GET", path)

    def test_of_echo_sends_each_frame_back_and_drains(self):
        service = self.serve("example_echo", 2)
        peer = self.resources.enter_context(
            socket.create_connection(("127.0.0.1", 9000), example.WAIT))
        for payload in (b"", b"one", b"x" * 100_000):
            peer.sendall(example.frame(payload))
            self.assertEqual(example.receive_frame(peer), payload)
        self.assertGreater(service.metric("weir_received_bytes_total"), 100_000)
        service.terminate()
        self.assertIsNone(example.receive_frame(peer), "it ends between two frames")
        self.assertEqual(service.exit_code(), 0)

    def test_of_echo_closes_what_ends_inside_a_frame_and_serves_others(self):
        service = self.serve("example_echo", 2)
        cut, slow, other = (self.resources.enter_context(
            socket.create_connection(("127.0.0.1", 9000), example.WAIT)) for _ in range(3))
        slow.sendall(example.frame(b"slow")[:5])
        cut.sendall(example.frame(b"x" * 100)[:50])
        cut.shutdown(socket.SHUT_WR)
        self.assertEqual(cut.recv(1), b"", "half a frame is no frame")
        other.sendall(example.frame(b"whole"))
        self.assertEqual(example.receive_frame(other), b"whole")
        slow.sendall(example.frame(b"slow")[5:])
        self.assertEqual(example.receive_frame(slow), b"slow")
        self.assertEqual(service.drain(), 0)

    def test_of_hello_greets_whom_it_is_told_to(self):
        service = self.serve("example_hello", 2)
        self.assertEqual(self.get("/hello").body, b"hello\n")
        self.assertEqual(self.get("/greet/Ada").body, b"Hello, Ada.\n")
        self.assertEqual(self.get("/greet/Ada?loud=yes").body, b"Hello, Ada!\n")
        self.assertEqual(self.get("/nobody").status, 404)
        counted = 'weir_http_requests_total{endpoint="/greet/{name}",status="200"}'
        self.assertEqual(service.metric(counted), 2)
        self.assertEqual(service.drain(), 0)

    def test_of_hello_ends_a_head_that_does_not_end(self):
        service = self.serve("example_hello", 2)
        slow = self.resources.enter_context(
            socket.create_connection(("127.0.0.1", 8080), example.WAIT))
        slow.sendall(b"GET /hello HTTP/1.1\r\nHost: a\r\n")
        self.assertEqual(self.get("/hello").body, b"hello\n")
        self.assertIn(b"HTTP/1.1 408 ", slow.recv(65536))
        self.assertEqual(self.get("/hello").body, b"hello\n")
        self.assertEqual(service.drain(), 0)

    def database(self):
        """The folder to start in, and the file, which the example looks for below it."""
        folder = pathlib.Path(self.resources.enter_context(tempfile.TemporaryDirectory()))
        (folder / "build/example").mkdir(parents=True)
        file = folder / "build/example/network.db"
        with contextlib.closing(sqlite3.connect(file)) as database:
            database.execute("create table vendor (prefix text, name text)")
            database.executemany("insert into vendor values (?, ?)",
                                 [("080030", "CERN"), ("080030", "also \"CERN\""), ("1", "other")])
            database.commit()
        return folder, file

    def test_of_vendors_answers_from_its_database(self):
        folder, _ = self.database()
        service = self.serve("example_vendors", 2, cwd=folder)
        found = self.get("/vendors/080030")
        self.assertEqual(found.json, ["CERN", "also \"CERN\""])
        self.assertEqual(found.type, "application/json")
        self.assertEqual(self.get("/vendors/2").json, [])
        counted = 'weir_http_requests_total{endpoint="/vendors/{prefix}",status="200"}'
        self.assertEqual(service.metric(counted), 2)
        self.assertEqual(service.drain(), 0)

    def test_of_vendors_does_not_start_without_its_database(self):
        folder, file = self.database()
        file.unlink()
        service = self.serve("example_vendors", 0, cwd=folder)
        self.assertEqual(service.exit_code(), 2)
        self.assertEqual(len(service.log), 1, service.log)
        self.assertIn("build/example/network.db", service.log[0])

    def test_of_vendors_fails_while_its_database_is_spoilt_and_no_longer(self):
        folder, file = self.database()
        service = self.serve("example_vendors", 2, cwd=folder)
        file.rename(folder / "whole.db")
        file.write_bytes(b"x" * 4096)
        self.assertEqual(self.get("/vendors/1").status, 500)
        self.assertEqual(service.metric('weir_db_connections{role="reader",state="idle"}'), 0)
        (folder / "whole.db").rename(file)
        self.assertEqual(self.get("/vendors/1").json, ["other"])
        self.assertEqual(service.metric('weir_db_connections{role="reader",state="idle"}'), 1)
        self.assertEqual(service.drain(), 0)


def alone():
    """Runs this once more where nobody else is."""
    if shutil.which("unshare") is None or subprocess.run([*OWN_NETWORK, "true"], timeout=60,
                                                         check=False).returncode != 0:
        print("skipped: no network of its own can be made here")
        return SKIPPED
    return subprocess.run([*OWN_NETWORK, sys.executable, __file__, INSIDE], check=False).returncode


if __name__ == "__main__":
    if INSIDE not in sys.argv:
        sys.exit(alone())
    sys.argv.remove(INSIDE)
    unittest.main()
