"""`weir load` against the program's own server: what it tells, on a terminal and off one."""

import contextlib
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import threading
import time
import unittest

import program
import tracing
from terminal import on_a_terminal

# The words of a short load.
CONNECTIONS = ("-c", "2")
SHORT = (*CONNECTIONS, "--warm-up", "50ms")


def numbers(ended):
    return json.loads(ended.stdout)


class with_service(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = program.place()
        cls.addClassCleanup(cls.place.close)
        cls.service = cls.enterClassContext(program.serving(cls.place.example()))

    def http(self, path="/vendors/080030", service=None):
        return "http://127.0.0.1:{}{}".format((service or self.service).http[1], path)

    def frames(self, *words):
        return ("--frames", f"127.0.0.1:{self.service.frames[1]}", *words)

    def load(self, *words, code=0, warm_up="50ms"):
        ended = program.run("load", *CONNECTIONS, "--warm-up", warm_up, *words)
        self.assertEqual(ended.returncode, code, f"{ended.stdout}{ended.stderr}")
        return ended


class a_load(with_service):
    def test_of_a_closed_loop_tells_rate_and_percentiles(self):
        ended = self.load("-d", "300ms", "--json", "-", self.http())
        told = numbers(ended)
        self.assertEqual((told["loop"], told["connections"], told["depth"]), ("closed", 2, 1))
        self.assertGreater(told["answers"], 10)
        self.assertEqual(told["errors"]["total"], 0)
        self.assertAlmostEqual(told["rate"] * told["seconds"], told["answers"], delta=1)
        times = [told["latency_us"][each] for each in ("p50", "p90", "p99", "p99_9", "max")]
        self.assertEqual(times, sorted(times))
        self.assertGreater(times[0], 0)
        # People read it all the same, beside the JSON.
        self.assertIn(f"GET {self.http()}\n  load     closed loop, 2 connections", ended.stderr)

    def test_of_an_open_loop_sends_when_it_is_due(self):
        told = numbers(self.load("-r", "200", "-d", "500ms", "--json", "-",
                                 *self.frames("vendor", "prefix=080030")))
        self.assertEqual((told["loop"], told["rate_wanted"]), ("open", 200))
        self.assertAlmostEqual(told["answers"] + told["errors"]["unsent"], 100, delta=2)
        self.assertEqual(told["errors"]["total"], told["errors"]["unsent"])

    def test_sends_the_body_of_a_file(self):
        body = self.place.write("sighting.json",
                                json.dumps({"mac": "00:1b:63:84:45:e6", "place": "of a file"}))
        told = numbers(self.load("-d", "100ms", "--json", "-", "-H",
                                 "Content-Type: application/json", "--body-file", body,
                                 self.http("/sightings")))
        self.assertGreater(told["answers"], 0)
        self.assertEqual(told["errors"]["total"], 0, told)
        with contextlib.closing(sqlite3.connect(self.place.database)) as database:
            places = database.execute("select distinct place from sighting").fetchall()
        self.assertEqual(places, [("of a file",)])
        self.load("--body-file", self.place.folder / "none", self.http("/sightings"), code=2)

    def test_runs_on_the_engine_that_it_is_given(self):
        for engine, call in (("epoll", "epoll_pwait"), ("uring", "io_uring_enter")):
            if engine == "uring":
                program.skip_without_io_uring(self)
            ended = subprocess.run(
                ["strace", "-f", "-c", "-e", "trace=epoll_pwait,io_uring_enter", program.BINARY,
                 "load", *SHORT, "-q", "--engine", engine, "-d", "100ms", self.http()],
                capture_output=True, text=True, check=True, timeout=program.WAIT,
                env={**os.environ, **dict(tracing.ENVIRONMENT)})
            self.assertEqual(re.findall(r" (epoll_pwait|io_uring_enter)$", ended.stderr, re.M),
                             [call])

    def test_has_no_other_engine(self):
        self.load("--engine", "steam", self.http(), code=2)

    def test_is_compared_with_an_earlier_one(self):
        file = self.place.folder / "earlier.json"
        self.place.write("earlier.json", "").chmod(0o666)
        words = ("-d", "200ms", *self.frames("vendor", "prefix=080030"))
        self.load("-q", "--json", file, *words)
        earlier = json.loads(file.read_text())
        ended = self.load("-q", "--compare", file, *words)
        self.assertIn(f"against   {earlier['title']}\n", ended.stdout)
        rows = dict(re.findall(r"^  (.+?)  .* before .* ratio (\S+)$", ended.stdout, re.M))
        self.assertEqual(list(rows), ["rate", "p50", "p90", "p99", "p99.9", "max", "cpu an answer",
                                      "errors"])
        self.assertGreater(float(rows["rate"]), 0)
        self.assertEqual(rows["errors"], "-", "there were none before")

    def test_is_not_begun_where_there_is_nothing_to_compare_with(self):
        bad = self.place.write("bad.json", "{}")
        begun = time.monotonic()
        ended = self.load("-d", "60s", "--compare", bad, self.http(), code=2)
        self.assertLess(time.monotonic() - begun, 30)
        self.assertIn("not what weir load --json writes", ended.stderr)
        for words in ((), ("-d", "0s", self.http()), ("-r", "-1", self.http()),
                      ("-r", "nan", self.http()), ("-r", "inf", self.http()), ("https://x/",)):
            self.load(*words, code=2)

    def test_is_not_begun_where_its_result_cannot_be_written(self):
        kept = self.place.write("kept.json", "{}")
        kept.chmod(0o444)
        for file in (self.place.folder / "none" / "new.json", self.place.folder, kept):
            begun = time.monotonic()
            ended = self.load("-d", "60s", "--json", file, self.http(), code=2)
            self.assertLess(time.monotonic() - begun, 30)
            self.assertEqual((ended.stdout, ended.stderr),
                             ("", f"weir load: {file}: cannot be written\n"))
        self.assertEqual(kept.read_text(), "{}")

    def test_leaves_a_file_only_with_a_result(self):
        file = self.place.folder / "new.json"
        with program.serving(self.place.example()) as service:
            load = subprocess.Popen([program.BINARY, "load", *SHORT, "-q", "-d", "600s", "--json",
                                     file, self.http(service=service)], **program.as_nobody())
            self.addCleanup(load.wait)
            self.addCleanup(load.kill)
            program.wait_until(lambda: service.metric("weir_received_bytes_total") > 100_000,
                               "there is no load")
            load.kill()
            load.wait(timeout=program.WAIT)
        self.assertFalse(file.exists())
        self.load("-q", "-d", "100ms", "--json", file, self.http())
        self.assertGreater(json.loads(file.read_text())["answers"], 0)


class errors(with_service):
    def errors_of(self, *words, **how):
        told = numbers(self.load("--json", "-", *words, **how))
        kinds = {kind: times for kind, times in told["errors"].items() if times}
        self.assertEqual(kinds.pop("total"), sum(kinds.values()))
        return kinds, told

    def test_are_told_by_status_and_by_code(self):
        for what, kind in (((self.http("/vendors/none"),), "status 404"),
                           (self.frames("vendor", "prefix=none"), "not_found"),
                           (self.frames("nothing"), "not_found")):
            kinds, told = self.errors_of("-d", "200ms", *what, code=1)
            self.assertEqual(kinds, {kind: told["answers"]})

    def test_of_a_port_that_nobody_listens_on_are_of_connecting(self):
        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as other:
            port = other.getsockname()[1]
        kinds, told = self.errors_of("-d", "300ms", f"http://127.0.0.1:{port}/", code=1)
        self.assertEqual((list(kinds), told["answers"]), (["connect"], 0))
        # Two connections, an attempt each tenth of a second.
        self.assertLess(kinds["connect"], 12)

    def test_of_a_server_that_is_stopped_are_timeouts(self):
        with program.serving(self.place.example()) as service:
            target = self.http(service=service)
            service.signal(signal.SIGSTOP)
            try:
                kinds, told = self.errors_of("-d", "500ms", "--timeout", "100ms", target, code=1)
            finally:
                service.signal(signal.SIGCONT)
        self.assertEqual((list(kinds), told["answers"]), (["timed_out"], 0))

    def test_of_a_server_that_is_killed_are_lost_connections(self):
        with program.serving(self.place.example()) as service:
            killer = threading.Thread(target=self.kill_when_busy, args=[service])
            killer.start()
            # What is killed while it warms up would not have answered anything that counts.
            kinds, told = self.errors_of("-d", "5s", self.http(service=service), warm_up="0ms")
            killer.join()
        self.assertGreater(told["answers"], 0)
        self.assertGreater(kinds.pop("connect"), 0)
        self.assertLessEqual(set(kinds), {"reset", "closed_early"})

    @staticmethod
    def kill_when_busy(service):
        received = "weir_received_bytes_total"
        program.wait_until(lambda: service.metric(received) > 100_000, "there is no load")
        service.signal(signal.SIGKILL)


BAR = r"\r\x1b\[K\[[#.]{24}\] "


class a_terminal(with_service):
    def test_shows_how_far_a_load_is_until_ctrl_c_ends_it_with_what_there_is(self):
        file = self.place.write("interrupted.json", "")
        file.chmod(0o666)
        with on_a_terminal("load", "-c", "2", "-d", "600s", "--warm-up", "1200ms", "--json", file,
                           self.http()) as load:
            load.wait_for(BAR + "warming up")
            load.wait_for(BAR + r"\d+/600 s  \d+/s  p50 \S+  p99 \S+  errors 0")
            load.press_ctrl_c()
            self.assertEqual(load.exit_code(), 0, load.shown)
            # The bar is gone, and the report stands in its place.
            self.assertRegex(load.shown, r"\r\x1b\[KGET http://\S+\r\n  load     closed loop")
        told = json.loads(file.read_text())
        self.assertGreater(told["answers"], 0)
        self.assertLess(told["seconds"], program.WAIT)
        self.assertAlmostEqual(told["rate"] * told["seconds"], told["answers"], delta=1)

    def test_shows_nothing_where_it_is_told_to_be_quiet(self):
        with on_a_terminal("load", "-q", *SHORT, "-d", "700ms", self.http()) as load:
            self.assertEqual((load.exit_code(), load.shown), (0, ""))

    def test_is_given_back_by_ctrl_c_where_nothing_answers(self):
        with program.serving(self.place.example()) as service:
            target = self.http(service=service)
            service.signal(signal.SIGSTOP)
            try:
                with on_a_terminal("load", *SHORT, "-d", "600s", "--timeout", "600s",
                                   target) as load:
                    load.wait_for(BAR + r"\d+/600 s")
                    load.press_ctrl_c()
                    self.assertEqual(load.exit_code(), 1, load.shown)
                    self.assertIn("answers  0", load.shown)
            finally:
                service.signal(signal.SIGCONT)


if __name__ == "__main__":
    unittest.main()
