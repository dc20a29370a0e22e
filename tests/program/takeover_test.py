"""One process of the program takes over from another, and nobody notices.

    takeover_test.py [COUNT] [TEST...]      so many take-overs under load; 5 unless it is told
"""

import contextlib
import errno
import os
import socket
import subprocess
import sys
import time
import unittest

import program
from load_through_restarts import load

COUNT = 5
DRAIN_TIMEOUT = 10
OFFER = b"weir-takeover 1\nsocket\nsocket\nsocket\nsocket\n\n"


class the_takeover(unittest.TestCase):
    def setUp(self):
        self.place = program.place()
        self.addCleanup(self.place.close)
        self.path = self.place.folder / "takeover.sock"
        self.config = self.place.fixed('service.takeover = "takeover.sock"',
                                       f'drain.timeout = "{DRAIN_TIMEOUT}s"')
        self.services = contextlib.ExitStack()
        self.addCleanup(self.services.close)

    def start(self, **options):
        service = self.services.enter_context(program.starting(self.config, **options))
        service.wait_until_listening()
        return service

    def successor(self, **options):
        return self.start(words=["--takeover"], **options)

    def serves(self, service):
        self.assertEqual(program.ask(service.http, "GET", "/").status, 200)
        self.assertFalse(any("draining" in line for line in service.log), service.log)

    def test_loses_no_request_under_load(self):
        now = self.start()
        clients = load(now.http, now.frames)
        drains = []
        try:
            for _ in range(COUNT):
                clients.wait_for(50)
                before, now = now, self.successor()
                began = time.monotonic()
                self.assertEqual(before.exit_code(), 0, before.log)
                drains.append(time.monotonic() - began)
                self.assertEqual(clients.lost, [])
            clients.wait_for(50)
        finally:
            clients.stop()
        self.assertEqual(clients.lost, [])
        self.assertLess(max(drains), DRAIN_TIMEOUT)
        self.assertEqual(now.drain(), 0)
        self.assertFalse(self.path.exists())
        print(f"{COUNT} take-overs, {clients.answered} answers, {len(clients.lost)} lost; "
              f"the slowest drain took {max(drains):.2f} s")

    def test_waits_for_what_the_predecessor_has_in_flight(self):
        first = self.start()
        with contextlib.closing(socket.create_connection(first.http)) as peer:
            peer.sendall(f"GET /slow/{program.ENDLESS} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            first.wait_for_metric('weir_db_connections{role="reader",state="in_use"}', 1)
            second = self.successor()
            first.wait_for_log(lambda line: "draining" in line)
            self.assertEqual(program.ask(second.http, "GET", "/").status, 200)
            self.assertIsNone(first.process.poll())

    def test_starts_where_nobody_is(self):
        service = self.successor()
        self.assertIn(f"nobody to take over from at {self.path}", service.log[0])
        self.serves(service)
        self.assertEqual(service.drain(), 0)
        self.assertFalse(self.path.exists())

    def test_replaces_the_file_of_one_that_was_killed(self):
        killed = self.start()
        killed.process.kill()
        killed.exit_code()
        # The kernel closes what a ring has held a moment after the process has ended.
        for family, at in ((socket.AF_UNIX, str(self.path)), (socket.AF_INET, killed.http),
                           (socket.AF_INET, killed.frames), (socket.AF_INET, killed.admin)):
            program.wait_until(lambda: self.nobody_at(family, at), f"somebody listens at {at}")
        self.assertTrue(self.path.exists())
        self.serves(self.successor())

    @staticmethod
    def nobody_at(family, at):
        with socket.socket(family) as peer:
            return peer.connect_ex(at) == errno.ECONNREFUSED

    def test_wants_to_know_where(self):
        config = self.place.fixed()
        ended = program.run("serve", "--takeover", config)
        self.assertEqual(ended.returncode, 2)
        self.assertIn("service.takeover: is needed for --takeover\n", ended.stderr)

    def test_does_not_happen_where_the_successor_cannot_serve(self):
        first = self.start()
        text = self.config.read_text()
        for wrong in (text.replace("from vendor", "from vendors"),
                      text.replace("sqlite:", "sqlite:none/"),
                      text.replace(f"{program.HOST}:8081", "203.0.113.1:8081")):
            ended = program.run("serve", "--takeover", self.place.write("wrong.toml", wrong))
            self.assertEqual(ended.returncode, 2, ended.stderr)
            first.wait_for_log(lambda line: "did not take over" in line)
            self.serves(first)

    def test_does_not_happen_where_the_successor_is_gone(self):
        first = self.start()
        for last_words in (b"", b"rea", b"ready 9\n", b"\0\xff\n"):
            with contextlib.closing(self.offered(OFFER)) as successor:
                successor.sendall(last_words)
            self.serves(first)
        second = self.successor()
        self.assertEqual(first.exit_code(), 0)
        self.serves(second)

    def offered(self, expected):
        """A connection to whoever serves, which has made its offer; the sockets are closed."""
        for _ in range(1000):  # until one that has left is forgotten
            successor = socket.socket(socket.AF_UNIX)
            successor.settimeout(program.WAIT)
            successor.connect(str(self.path))
            said, sockets, _, _ = socket.recv_fds(successor, 4096, 8)
            for each in sockets:
                os.close(each)
            if said == expected:
                return successor
            self.assertEqual(said, b"busy\n\n")
            successor.close()
        raise AssertionError("it stays busy")

    def test_is_refused_to_a_second_successor(self):
        first = self.start()
        with contextlib.closing(self.offered(OFFER)):
            ended = program.run("serve", "--takeover", self.config)
            self.assertEqual(ended.returncode, 2)
            self.assertIn("it is being taken over by another one", ended.stderr)
        self.serves(first)

    @unittest.skipUnless(os.geteuid() == 0, "only root can be somebody else")
    def test_is_refused_to_other_users_whatever_the_mode_of_the_file(self):
        first = self.start()
        ask = ("import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); "
               "print(s.recv(100))")
        stranger = {"user": 12345, "group": 12345, "extra_groups": [], "capture_output": True,
                    "text": True, "timeout": program.WAIT}
        asked = subprocess.run([program.PYTHON, "-c", ask, self.path], **stranger)
        self.assertIn("PermissionError", asked.stderr)
        self.path.chmod(0o666)
        asked = subprocess.run([program.PYTHON, "-c", ask, self.path], **stranger)
        self.assertEqual(asked.stdout, "b''\n", asked.stderr)
        first.wait_for_log(lambda line: "is another user's" in line)
        self.serves(first)

    def test_may_change_what_is_listened_on(self):
        first = self.start()
        host = "127.0.0.9"
        text = self.config.read_text()
        self.config.write_text(text.replace(f"{program.HOST}:9000", f"{host}:9000"))
        second = self.successor()
        self.assertEqual(first.exit_code(), 0)
        self.assertEqual(second.frames, (host, 9000))
        with program.frame_peer(second.frames) as peer:
            peer.call(1, "vendor", prefix="080030")
            self.assertEqual(peer.receive()["id"], 1)
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection((program.HOST, 9000))
        self.serves(second)


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        COUNT = int(sys.argv.pop(1))
    unittest.main()
