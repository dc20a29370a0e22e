"""Peers that refuse, peers that say nothing, a disk that says nothing, and callers too many."""

import concurrent.futures
import contextlib
import os
import pathlib
import socket
import tempfile
import time
import unittest

import example


class black_hole:
    """A listener that answers to no SYN any more: its queue is full."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=0)
        self.queued = [socket.socket() for _ in range(4)]
        for peer in self.queued:
            peer.setblocking(False)
            peer.connect_ex(self.getsockname())

    def getsockname(self):
        return self.listener.getsockname()

    def close(self):
        for each in (self.listener, *self.queued):
            each.close()


class the_overview(unittest.TestCase):
    def setUp(self):
        self.resources = contextlib.ExitStack()
        self.addCleanup(self.resources.close)
        self.folder = pathlib.Path(self.resources.enter_context(tempfile.TemporaryDirectory()))
        self.note = self.folder / "note"
        self.note.write_text("all is well")

    def listener(self, make=lambda: socket.create_server(("127.0.0.1", 0))):
        return self.resources.enter_context(contextlib.closing(make()))

    def serve(self, *listeners):
        self.hosts = ["{}:{}".format(*each.getsockname()) for each in listeners]
        self.service = self.resources.enter_context(
            example.serving("example_async", self.note, *self.hosts))

    def ask(self):
        answer = example.ask(self.service.addresses[0], "GET", "/up")
        return answer.status, answer.body.decode().splitlines()

    def checks(self, outcome):
        return self.service.metric(f'up_checks_total{{outcome="{outcome}"}}')

    def test_says_who_is_up_who_refuses_and_who_says_nothing(self):
        there, gone = self.listener(), self.listener()
        self.serve(there, gone, self.listener(black_hole))
        gone.close()
        self.assertEqual(self.ask(), (200, [self.hosts[0] + ": up", self.hosts[1] + ": refused",
                                            self.hosts[2] + ": timed_out", "note: all is well"]))
        self.assertEqual(self.service.metric("up_check_seconds_count"), 3)

    def test_asks_all_at_once_and_not_one_after_the_other(self):
        self.serve(*[self.listener(black_hole) for _ in range(8)])
        began = time.monotonic()
        self.ask()
        self.assertLess(time.monotonic() - began, 2, "eight times half a second")
        self.assertEqual(self.checks("timed_out"), 8)

    def test_goes_on_while_a_disk_does_not_answer(self):
        self.note.unlink()
        os.mkfifo(self.note)  # whoever opens it to read waits for somebody who writes
        self.serve(self.listener())
        began = time.monotonic()
        self.assertEqual(self.ask()[1], [self.hosts[0] + ": up", "note: timed_out"])
        self.assertLess(time.monotonic() - began, 2, "the request's own deadline")
        self.assertEqual(self.service.drain(), 0, "it does not wait for the thread")

    def test_answers_what_it_was_asked_when_it_is_told_to_end(self):
        self.serve(self.listener(black_hole))
        with concurrent.futures.ThreadPoolExecutor() as askers:
            answer = askers.submit(self.ask)
            self.service.wait_for_metric("weir_http_requests_in_flight", 1)
            self.assertEqual(self.service.drain(), 0)
        self.assertEqual(answer.result(),
                         (200, [self.hosts[0] + ": timed_out", "note: all is well"]))

    def test_refuses_at_once_what_is_over_its_limit(self):
        self.serve(self.listener(black_hole))
        with concurrent.futures.ThreadPoolExecutor(12) as askers:
            answers = list(askers.map(lambda _: self.ask(), range(12)))
        statuses = [status for status, _ in answers]
        self.assertEqual(sorted(statuses), [200] * 8 + [503] * 4)


if __name__ == "__main__":
    example.main()
