"""What a keep-alive request costs in system calls, counted over connections ready together."""

import collections
import contextlib
import fcntl
import os
import pathlib
import re
import signal
import socket
import sys
import termios
import time
import unittest

import program
import tracing

CONNECTIONS = 64
ROUNDS = 10
# While more are ready, no kernel tells of fewer at a time (6.18: of twenty).
LEAST_TOLD = 20
STOPPED = "--- SIGSTOP "
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n"


def receive_answer(peer):
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += peer.recv(65536)
    head, body = answer.split(b"\r\n\r\n", 1)
    left = int(re.search(rb"(?i)content-length: (\d+)", head)[1]) - len(body)
    while left > 0:
        left -= len(peer.recv(left))


def unacknowledged(peer):
    return int.from_bytes(fcntl.ioctl(peer, termios.TIOCOUTQ, bytes(4)), sys.byteorder)


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
        # Each call hands over the answers to those that the one before told of: all of them, and
        # no call comes between.
        batches = [[handed for handed in calls if handed > 0] for calls in self.rounds]
        missing = sum(max(0, LEAST_TOLD - each) for handed in batches for each in handed[:-1])
        # The ring of the timer takes a place, and has no answer.
        self.assertLessEqual(missing, counts["timerfd_settime"], batches)
        at_once = counts.pop("sendto", 0)
        answers = sum(sum(handed) for handed in batches) + at_once
        if self.multishot:
            self.assertEqual(answers, CONNECTIONS * ROUNDS)
        # Where one or two are left over from a batch, they are answered at once.
        self.assertLessEqual(at_once, 2 * ROUNDS)
        self.assert_one_wait_a_round(counts)
        self.assert_only_timers(counts, seconds)

    def test_are_one_send_and_one_wait_on_uring_where_it_comes_alone(self):
        program.skip_without_io_uring(self)
        counts, seconds = self.count("uring", connections=1)
        self.assertEqual(counts.pop("sendto"), ROUNDS)
        # Where the kernel bounds no multishot receive, each is armed anew, by the wait for it.
        armed = sum(sum(calls) for calls in self.rounds)
        self.assertLessEqual(armed, 0 if self.multishot else ROUNDS)
        self.assert_one_wait_a_round(counts)
        self.assert_only_timers(counts, seconds)

    def assert_one_wait_a_round(self, counts):
        """What hands nothing over is the wait that a round begins with, since the end of an answer
        is no reason to return; or the one that the stop of the process ends; or a timer's."""
        waits = sum(calls.count(0) for calls in self.rounds) - self.interrupted
        if self.rounds[-1][-1] == 0:
            waits -= 1  # in which the loop still rests
        self.assertLessEqual(waits, ROUNDS + counts["timerfd_settime"])
        counts.pop("io_uring_enter")

    def assert_only_timers(self, counts, seconds):
        """The loop tells each second that it turns."""
        self.assertLessEqual(counts.pop("timerfd_settime", 0), 2 * seconds)
        if "SANITIZED" in os.environ:
            # For the sanitizer's own memory, and its looks whether an object is there.
            for call in ("mmap", "munmap", "madvise", "pipe2", "write", "close"):
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
            self.multishot = "multishot" in "\n".join(service.log)
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
        stops = self.stops()
        os.kill(pid, signal.SIGSTOP)
        state = pathlib.Path(f"/proc/{pid}/stat")
        # It is held at each call too, for the trace.
        program.wait_until(lambda: self.stops() > stops, "nobody stops it")
        program.wait_until(lambda: state.read_text().rpartition(") ")[2][0] in "Tt",
                           "it does not stop")
        for peer in peers:
            peer.sendall(REQUEST)
        program.wait_until(lambda: not any(unacknowledged(peer) for peer in peers),
                           "the requests do not arrive")
        os.kill(pid, signal.SIGCONT)
        for peer in peers:
            receive_answer(peer)
        program.wait_until(lambda: state.read_text().rpartition(") ")[2][0] == "S",
                           "it does not come to rest")

    def lines(self):
        return self.trace.read_text(errors="replace").splitlines()

    def stops(self):
        return sum(STOPPED in line for line in self.lines())

    def counted(self, lines):
        calls = list(tracing.calls(lines))
        loop = next(thread for thread, name, _ in calls if name in ("recvfrom", "io_uring_enter"))
        counts = collections.Counter()
        for thread, name, _ in calls:
            if thread == loop:
                counts[name] += 1
        self.note_enters(lines, loop)
        return counts

    def note_enters(self, lines, loop):
        """How many entries each call hands over, round by round; how many a signal interrupted."""
        self.rounds = [[]]
        self.interrupted = 0
        for line in lines:
            if STOPPED in line:
                self.rounds.append([])
            if not line.startswith(f"{loop} "):
                continue
            if enter := re.match(r"\d+ +io_uring_enter\(\S+ (\d+),", line):
                self.rounds[-1].append(int(enter[1]))
            self.interrupted += "io_uring_enter" in line and "EINTR" in line


if __name__ == "__main__":
    unittest.main()
