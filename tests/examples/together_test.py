"""All of it together: one request followed through, and the faults that such a service meets."""

import concurrent.futures
import contextlib
import pathlib
import sqlite3
import tempfile
import time
import unittest

import example


class the_journal(unittest.TestCase):
    def setUp(self):
        resources = contextlib.ExitStack()
        self.addCleanup(resources.close)
        folder = resources.enter_context(tempfile.TemporaryDirectory(prefix="weir-journal-"))
        self.database = pathlib.Path(folder) / "journal.db"
        self.service = resources.enter_context(
            example.serving("example_together", self.database, listeners=3))
        self.http, self.frames, _ = self.service.addresses

    def add(self, text, headers=None):
        """Status, header fields, body."""
        answer = example.ask(self.http, "POST", "/lines", body=text, headers=headers or {})
        return answer.status, answer.headers, answer.body

    def follow(self, **options):
        peer = example.connect(self.frames, **options)
        self.addCleanup(peer.close)
        return peer

    def database_locked(self):
        """While it is, no write can be committed."""
        locker = sqlite3.connect(self.database, isolation_level=None)
        locker.execute("begin immediate")
        return contextlib.closing(locker)

    def test_lets_a_request_be_followed_by_its_trace_id(self):
        follower = self.follow()
        self.service.wait_for_metric("together_followers", 1)
        first = self.add(b"the first")[1]["Trace-Id"]
        trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        status, fields, number = self.add(
            b"the door is open", {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
        self.assertEqual((status, number), (201, b"2\n"))
        self.assertEqual(fields["Trace-Id"], trace)
        self.assertNotEqual(first, trace, "one of its own")
        self.service.wait_for_log(lambda line: f"trace {trace} is line 2" in line)
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            stored = database.execute("select text from line where trace = ?", (trace,))
            self.assertEqual(stored.fetchall(), [("the door is open",)])
        self.assertEqual(example.receive_frame(follower), f"1 {first} the first".encode())
        self.assertEqual(example.receive_frame(follower), f"2 {trace} the door is open".encode())
        self.assertEqual(self.service.metric("together_lines_total"), 2)
        self.assertEqual(self.service.metric("together_durable_seconds_count"), 2)
        self.assertEqual(self.service.metric(
            'weir_http_requests_total{endpoint="/lines",status="201"}'), 2)
        self.service.wait_for_metric("together_lines_sent_total", 2)

    def test_refuses_what_is_too_large_and_says_so(self):
        self.assertEqual(self.add(b"x" * (32 * 1024 + 1))[0], 413)
        self.assertEqual(self.add(b"x" * (32 * 1024))[0], 201)

    def test_is_not_held_up_by_a_follower_that_does_not_read(self):
        self.follow(receive_buffer=4096)
        reader = self.follow()
        self.service.wait_for_metric("together_followers", 2)
        for _ in range(200):  # more than any socket buffer here
            self.assertEqual(self.add(b"x" * (32 * 1024))[0], 201)
        for _ in range(200):
            self.assertTrue(example.receive_frame(reader))
        self.service.wait_for_metric("together_followers_lost_total", 1)
        self.service.wait_for_metric("together_followers", 1)

    def test_outlives_a_follower_that_breaks_off(self):
        example.reset(self.follow())
        self.assertEqual(self.add(b"next")[0], 201)
        self.service.wait_for_metric("together_followers", 0)
        self.assertEqual(example.receive_frame(self.follow())[:2], b"1 ")

    def test_sheds_a_flood_at_once_and_does_what_it_has_taken(self):
        with concurrent.futures.ThreadPoolExecutor(120) as clients:
            with self.database_locked():
                began = time.monotonic()
                asked = [clients.submit(self.add, b"x") for _ in range(120)]
                shed = [one.result() for one in self.first_done(asked, 120 - 32 - 64)]
                self.assertLess(time.monotonic() - began, 3, "before any deadline")
                self.assertTrue(all(status == 503 and fields["Retry-After"]
                                    for status, fields, _ in shed))
                self.assertEqual(sum(one.done() for one in asked), len(shed))
            answers = [one.result()[0] for one in asked]
        self.assertEqual(answers.count(201), 32 + 64)
        self.assertEqual(self.service.metric("together_lines_total"), 32 + 64)
        self.assertEqual(self.service.metric(
            'weir_http_requests_total{endpoint="/lines",status="503"}'), len(shed))

    def first_done(self, asked, count):
        done = []
        for one in concurrent.futures.as_completed(asked, timeout=example.WAIT):
            done.append(one)
            if len(done) == count:
                return done

    def test_gives_up_at_its_deadline_where_the_database_does_not_answer(self):
        with self.database_locked():
            began = time.monotonic()
            status, fields, _ = self.add(b"x")
            self.assertLess(time.monotonic() - began, 5, "as long as the database would wait")
        self.assertEqual((status, fields["Retry-After"]), (503, "1"))
        self.assertEqual(self.add(b"x")[0], 201)

    def test_finishes_what_is_in_flight_when_it_is_told_to_end(self):
        follower = self.follow()
        with concurrent.futures.ThreadPoolExecutor(1) as clients:
            with self.database_locked():
                asked = clients.submit(self.add, b"the last")
                self.service.wait_for_metric("weir_http_requests_in_flight", 1)
                self.service.terminate()
                self.service.wait_for_log(lambda line: "drain" in line)
            self.assertEqual(asked.result()[0], 201)
        while example.receive_frame(follower):  # ends between two frames, or this raises
            pass
        self.assertEqual(self.service.exit_code(), 0)


if __name__ == "__main__":
    example.main()
