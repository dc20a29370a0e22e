"""What a keep-alive request costs in system calls, counted over connections ready together."""

import collections
import contextlib
import os
import pathlib
import re
import signal
import socket
import time
import unittest

import program
import tracing

CONNECTIONS = 64
ROUNDS = 10
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n"


def receive_answer(peer):
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += peer.recv(65536)
    head, body = answer.split(b"\r\n\r\n", 1)
    left = int(re.search(rb"(?i)content-length: (\d+)", head)[1]) - len(body)
    while left > 0:
        left -= len(peer.recv(left))


class system_calls_of_a_request(unittest.TestCase):
    def setUp(self):
        self.place = program.place()
        self.addCleanup(self.place.close)
        self.trace = self.place.folder / "trace"

    def test_are_one_receive_and_one_send_on_epoll(self):
        counts, seconds = self.count("epoll")
        requests = CONNECTIONS * ROUNDS
        self.assertEqual((counts.pop("recvfrom"), counts.pop("sendto")), (requests, requests))
        # One wait tells of all that is ready. A round takes two, and one more where something else
        # wakes the loop amid it.
        self.assertLessEqual(counts.pop("epoll_pwait"), 3 * ROUNDS + 2 * seconds)
        self.assert_only_timers(counts, seconds)

    def test_are_a_share_of_one_enter_on_uring(self):
        program.skip_without_io_uring(self)
        counts, seconds = self.count("uring")
        # A round takes three where the kernel tells of twenty at a time (6.18): each call hands
        # over the answers to those that the one before told of.
        handing_over = counts.pop("io_uring_enter with answers")
        self.assertLessEqual(handing_over, 4 * ROUNDS + 2 * seconds)
        # Whatever else is asked of the kernel is the wait that a round begins with: the end of an
        # answer is no reason to return.
        self.assertLessEqual(counts.pop("io_uring_enter", 0), ROUNDS + 2 * seconds)
        # Where one or two were left over from a batch, they were answered at once.
        self.assertLess(counts.pop("sendto", 0), CONNECTIONS * ROUNDS / 8)
        self.assert_only_timers(counts, seconds)

    def test_are_one_send_and_one_wait_on_uring_where_it_comes_alone(self):
        program.skip_without_io_uring(self)
        counts, seconds = self.count("uring", connections=1)
        self.assertEqual(counts.pop("sendto"), ROUNDS)
        # Where the kernel bounds no multishot receive, each is armed anew.
        self.assertLessEqual(counts.pop("io_uring_enter with answers", 0), ROUNDS)
        # And the wait that a round begins with.
        self.assertLessEqual(counts.pop("io_uring_enter", 0), 2 * ROUNDS + 2 * seconds)
        self.assert_only_timers(counts, seconds)

    def assert_only_timers(self, counts, seconds):
        """The loop tells each second that it turns."""
        self.assertLessEqual(counts.pop("timerfd_settime", 0), 2 * seconds)
        if "SANITIZED" in os.environ:
            for call in ("mmap", "munmap", "madvise"):  # for the sanitizer's own memory
                counts.pop(call, None)
        self.assertFalse(counts)

    def count(self, engine, connections=CONNECTIONS):
        """({call: how often the loop made it}, in how many seconds), each begun one counted."""
        strace = tracing.command(self.trace)
        tracing.skip_where_refused(self, strace)
        config = self.place.example(f'service.engine = "{engine}"', "service.loops = 1")
        with (program.starting(config, before=strace, environment=tracing.ENVIRONMENT) as service,
              contextlib.ExitStack() as peers):
            self.skip_without(engine, service)
            connected = [peers.enter_context(socket.create_connection(service.http, program.WAIT))
                         for _ in range(connections)]
            pid = tracing.traced_pid(service)
            self.round_of(connected, pid)  # the first of each connection, and the caches
            before = len(self.lines())
            begun = time.monotonic()
            for _ in range(ROUNDS):
                self.round_of(connected, pid)
            lines = self.lines()[before:]
            seconds = int(time.monotonic() - begun) + 1
            os.kill(pid, signal.SIGTERM)
            self.assertEqual(service.exit_code(), 0)
        return self.counted(lines), seconds

    def skip_without(self, engine, service):
        try:
            service.wait_until_listening()
        except AssertionError:
            if engine in "\n".join(service.log):
                self.skipTest(f"no {engine} here: {service.log}")
            raise

    def round_of(self, peers, pid):
        """A request on each, ready together: the service is stopped meanwhile."""
        os.kill(pid, signal.SIGSTOP)
        state = pathlib.Path(f"/proc/{pid}/stat")
        program.wait_until(lambda: state.read_text().rpartition(") ")[2][0] in "Tt",
                           "it does not stop")
        for peer in peers:
            peer.sendall(REQUEST)
        os.kill(pid, signal.SIGCONT)
        for peer in peers:
            receive_answer(peer)
        program.wait_until(lambda: state.read_text().rpartition(") ")[2][0] == "S",
                           "it does not come to rest")

    def lines(self):
        return self.trace.read_text(errors="replace").splitlines()

    def counted(self, lines):
        calls = list(tracing.calls(lines))
        loop = next(thread for thread, name, _ in calls if name in ("recvfrom", "io_uring_enter"))
        counts = collections.Counter()
        for thread, name, rest in calls:
            if thread != loop:
                continue
            if name == "io_uring_enter" and not re.match(r"\S+ 0,", rest):
                name += " with answers"
            counts[name] += 1
        return counts


if __name__ == "__main__":
    unittest.main()
