"""Frames as a network and a hostile peer make them."""

import contextlib
import unittest

import example


class readings(unittest.TestCase):
    def setUp(self):
        resources = contextlib.ExitStack()
        self.addCleanup(resources.close)
        self.service = resources.enter_context(example.serving("example_parsing"))
        self.peer = example.connect(self.service.addresses[0])
        self.addCleanup(self.peer.close)

    def ended(self, reason):
        """The service has closed, and counted why."""
        self.assertIsNone(example.receive_frame(self.peer))
        self.service.wait_for_metric(f'readings_streams_total{{reason="{reason}"}}', 1)

    def test_are_the_same_byte_by_byte_and_all_together(self):
        both = example.frame(b"kitchen 21.5") + example.frame(b"cellar 12")
        for byte in both:
            self.peer.sendall(bytes([byte]))
        self.peer.sendall(both)
        self.assertEqual([example.receive_frame(self.peer) for _ in range(4)], [b"ok"] * 4)
        self.assertEqual(self.service.metric("readings_total"), 4)

    def test_are_refused_one_by_one_where_they_are_none(self):
        for wrong in (b"", b"kitchen", b" 1", b"kitchen 1x", b"kitchen \xff"):
            self.peer.sendall(example.frame(wrong))
            self.assertEqual(example.receive_frame(self.peer), b"no reading")
        self.peer.sendall(example.frame(b"kitchen 1"))
        self.assertEqual(example.receive_frame(self.peer), b"ok")
        self.assertEqual(self.service.metric("readings_refused_total"), 5)

    def test_end_at_a_length_that_cannot_be_before_its_bytes_come(self):
        self.peer.sendall(b"\xff\xff\xff\xff")
        self.ended("too_large")

    def test_end_at_a_frame_that_is_a_byte_too_long(self):
        self.peer.sendall(example.frame(b"x" * 1022 + b" 1"))
        self.assertEqual(example.receive_frame(self.peer), b"ok")
        self.peer.sendall(example.frame(b"x" * 1023 + b" 1")[:4])
        self.ended("too_large")

    def test_end_where_a_frame_takes_too_long(self):
        self.peer.sendall(example.frame(b"kitchen 1")[:-1])
        self.ended("timed_out")

    def test_end_where_the_stream_ends_inside_a_frame(self):
        self.peer.sendall(example.frame(b"kitchen 1")[:-1])
        self.peer.shutdown(example.socket.SHUT_WR)
        self.ended("malformed")

    def test_end_clean_between_two_frames(self):
        self.peer.sendall(example.frame(b"kitchen 1"))
        self.peer.shutdown(example.socket.SHUT_WR)
        self.assertEqual(example.receive_frame(self.peer), b"ok")
        self.ended("end_of_stream")

    def test_leave_the_service_ready_to_drain(self):
        self.peer.sendall(example.frame(b"kitchen 1"))
        self.assertEqual(example.receive_frame(self.peer), b"ok")
        self.assertEqual(self.service.drain(), 0)


if __name__ == "__main__":
    example.main()
