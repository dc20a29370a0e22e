"""Floods, peers that do not read, and work that takes too long."""

import contextlib
import pathlib
import re
import threading
import unittest

import example

RUNNING = "jobs_running"


class the_jobs(unittest.TestCase):
    def setUp(self):
        resources = contextlib.ExitStack()
        self.addCleanup(resources.close)
        self.service = resources.enter_context(example.serving("example_backpressure"))

    def connect(self, **options):
        peer = example.connect(self.service.addresses[0], **options)
        self.addCleanup(peer.close)
        return peer

    def memory(self):
        status = pathlib.Path(f"/proc/{self.service.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024

    def test_are_done_and_answered(self):
        peer = self.connect()
        peer.sendall(example.frame(b"1") * 100)
        self.assertEqual([example.receive_frame(peer) for _ in range(100)], [b"done"] * 100)
        self.assertEqual(self.service.metric("jobs_done_total"), 100)

    def test_slow_a_flood_down_to_its_sender(self):
        peer, before = self.connect(), self.memory()
        peer.settimeout(1)
        jobs = example.frame(b"20") * 10_000
        with self.assertRaises(TimeoutError):  # it has to wait: the window is shut
            for _ in range(1000):
                peer.sendall(jobs)
        received = self.service.metric("weir_received_bytes_total")
        done = self.service.metric("jobs_done_total")
        self.assertLessEqual(self.service.metric(RUNNING), 4)
        self.assertLess(done, 10_000)
        self.assertLess(received, 1_000_000)
        self.assertLess(self.memory() - before, 16 * 2**20)
        self.assertEqual(self.service.metric("jobs_refused_total"), 0)

    def test_are_refused_with_a_word_where_their_turn_does_not_come(self):
        holder, other = self.connect(), self.connect()
        holder.sendall(example.frame(b"1500") * 4)
        self.service.wait_for_metric(RUNNING, 4)
        other.sendall(example.frame(b"1"))
        self.assertEqual(example.receive_frame(other), b"overloaded")
        self.assertEqual(self.service.metric("jobs_refused_total"), 1)
        self.assertEqual([example.receive_frame(holder) for _ in range(4)], [b"done"] * 4)

    def test_without_an_end_are_cut_off_and_others_are_served_again(self):
        holder, gone, other = self.connect(), self.connect(), self.connect()
        holder.sendall(example.frame(b"4000000000") * 2)
        gone.sendall(example.frame(b"4000000000") * 2)
        self.service.wait_for_metric(RUNNING, 4)
        example.reset(gone)
        self.assertEqual([example.receive_frame(holder) for _ in range(2)], [b"timed out"] * 2)
        self.service.wait_for_metric("jobs_cut_off_total", 4)
        other.sendall(example.frame(b"1") * 10)
        self.assertEqual([example.receive_frame(other) for _ in range(10)], [b"done"] * 10)
        self.assertEqual(self.service.metric("jobs_refused_total"), 0)

    def test_go_on_for_others_where_a_peer_does_not_read_its_answers(self):
        deaf, other = self.connect(receive_buffer=4096), self.connect()
        deaf.settimeout(example.WAIT)
        sender = threading.Thread(target=self.send_until_it_breaks, args=(deaf,))
        sender.start()
        other.sendall(example.frame(b"1") * 10)
        self.assertEqual([example.receive_frame(other) for _ in range(10)], [b"done"] * 10)
        sender.join(example.WAIT)
        self.assertFalse(sender.is_alive(), "the write timeout has not ended it")
        self.service.wait_for_metric(RUNNING, 0)

    @staticmethod
    def send_until_it_breaks(peer):
        with contextlib.suppress(ConnectionError):
            while True:
                peer.sendall(example.frame(b"0") * 1000)

    def test_give_their_places_back_where_their_peer_breaks_off(self):
        peer = self.connect()
        peer.sendall(example.frame(b"200") * 16)
        self.service.wait_for_metric(RUNNING, 4)
        example.reset(peer)
        self.service.wait_for_metric(RUNNING, 0)
        other = self.connect()
        other.sendall(example.frame(b"1"))
        self.assertEqual(example.receive_frame(other), b"done")

    def test_are_finished_when_the_service_is_told_to_end(self):
        peer = self.connect()
        peer.sendall(example.frame(b"500") * 4)
        self.service.wait_for_metric(RUNNING, 4)
        self.service.terminate()
        self.assertEqual([example.receive_frame(peer) for _ in range(4)], [b"done"] * 4)
        self.assertIsNone(example.receive_frame(peer))
        self.assertEqual(self.service.exit_code(), 0)


if __name__ == "__main__":
    example.main()
