"""Every way in which a connection can end, each with its count."""

import contextlib
import time
import unittest

import example


class the_connections(unittest.TestCase):
    def setUp(self):
        resources = contextlib.ExitStack()
        self.addCleanup(resources.close)
        self.service = resources.enter_context(example.serving("example_lifecycle"))

    def connect(self, **options):
        peer = example.connect(self.service.addresses[0], **options)
        self.addCleanup(peer.close)
        return peer

    def hears(self, peer):
        """All that comes until the service closes."""
        got = b""
        while more := peer.recv(65536):
            got += more
        return got

    def ended(self, reason, count=1):
        self.service.wait_for_metric(f'lines_connections_ended_total{{reason="{reason}"}}', count)

    def test_send_what_nobody_flushed_before_they_close(self):
        peer = self.connect()
        peer.sendall(b"one\nthree\nbye\nno more")
        self.assertEqual(self.hears(peer), b"3\n5\ngoodbye\n")
        self.ended("goodbye")
        self.assertEqual(self.service.metric("lines_answered_total"), 2)

    def test_end_where_the_peer_finishes(self):
        peer = self.connect()
        peer.sendall(b"one\nhal")
        peer.shutdown(example.socket.SHUT_WR)
        self.assertEqual(self.hears(peer), b"3\n")
        self.ended("end_of_stream")

    def test_end_where_a_line_does_not(self):
        peer = self.connect()
        peer.sendall(b"x" * 1001)
        self.assertEqual(self.hears(peer), b"")
        self.ended("too_large")

    def test_end_where_a_line_takes_too_long(self):
        peer = self.connect()
        peer.sendall(b"hal")
        self.assertEqual(self.hears(peer), b"")
        self.ended("timed_out")

    def test_end_where_the_peer_breaks_off_in_the_middle_of_an_answer(self):
        peer = self.connect()
        peer.sendall(b"one\n" * 1000)
        peer.recv(1)
        example.reset(peer)
        self.ended("reset")
        self.service.wait_for_metric("weir_connections_open", 1)  # that of the metrics

    def test_end_where_the_peer_does_not_read_its_answers(self):
        peer = self.connect(receive_buffer=4096)
        began = 0.0  # the last send, which waits
        with self.assertRaises(ConnectionError):
            while True:
                began = time.monotonic()
                peer.sendall(b"x\n" * 1000)
        self.assertLess(time.monotonic() - began, 15, "half of what it has unless told otherwise")
        self.ended("timed_out")

    def test_end_alone_where_their_handler_throws(self):
        other, peer = self.connect(), self.connect()
        other.sendall(b"one\n")
        self.assertEqual(other.recv(2), b"3\n")
        peer.sendall(b"throw\n")
        self.assertEqual(self.hears(peer), b"")
        self.service.wait_for_metric("weir_connection_failures_total", 1)
        self.service.wait_for_log(lambda line: "asked to" in line)
        other.sendall(b"two!\n")
        self.assertEqual(other.recv(2), b"4\n")

    def test_are_refused_at_once_over_the_limit(self):
        peers = [self.connect() for _ in range(100)]
        for peer in peers:
            peer.sendall(b"x\n")
            self.assertEqual(peer.recv(2), b"1\n")
        self.assertEqual(self.hears(self.connect()), b"")
        for peer in peers:
            peer.close()
        example.wait_until(self.counts_a_refusal, lambda: "no refusal was counted")

    def counts_a_refusal(self):
        with contextlib.suppress(ConnectionError):  # the metrics' own connection is one too many
            return self.service.metric(
                'weir_connections_refused_total{reason="max_connections"}') >= 1

    def test_are_answered_and_closed_when_the_service_is_told_to_end(self):
        peer = self.connect()
        peer.sendall(b"one\n")
        self.assertEqual(peer.recv(2), b"3\n")
        self.service.terminate()
        self.service.wait_for_log(lambda line: "draining" in line)
        peer.sendall(b"last\nbye\n")
        self.assertEqual(self.hears(peer), b"4\ngoodbye\n")
        self.assertEqual(self.service.exit_code(), 0)


if __name__ == "__main__":
    example.main()
