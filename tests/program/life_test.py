"""The program's life once it runs: what it tells, how it ends, and what is on disk when."""

import contextlib
import http.client
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
import time
import unittest

import program
import tracing

GOODBYE = {"goodbye": {"reason": "draining"}}
SIGHTING = {"mac": "00:1b:63:84:45:e6", "place": "desk"}


class with_place(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = program.place()
        cls.addClassCleanup(cls.place.close)

    def in_background(self, *question, **content):
        """Asks in a thread of its own; the reply is in what it returns, when that is joined."""
        answers = []
        thread = threading.Thread(target=lambda: answers.append(program.ask(*question, **content)))
        thread.start()
        self.addCleanup(thread.join, program.WAIT)
        return thread, answers

    def wait_for_slow(self, service):
        service.wait_for_metric('weir_db_connections{role="reader",state="in_use"}', 1)


class the_admin_pages(with_place):
    def test_tell_how_it_is(self):
        with program.serving(self.place.example()) as service:
            for page, text in (("/healthz", "ok\n"), ("/readyz", "accepting: ok\ndatabase: ok\n")):
                reply = program.ask(service.admin, "GET", page)
                self.assertEqual((reply.status, reply.body.decode()), (200, text), page)
            program.ask(service.http, "GET", "/vendors/080030")
            program.ask(service.http, "GET", "/vendors/none")
            text = service.metrics()
            self.checked_by_promtool(text)
            for series in ('weir_build_info{', 'weir_connections_total{protocol="http"} ',
                           "weir_connections_open ", "weir_received_bytes_total ",
                           "weir_sent_bytes_total ", 'endpoint="vendor",status="200"} 1\n',
                           'endpoint="vendor",status="404"} 1\n', '_bucket{endpoint="vendor",le="',
                           'weir_db_connections{role="reader",state="idle"} 1\n',
                           'weir_db_connections{role="reader",state="in_use"} 0\n',
                           'weir_db_waiting{role="reader"} 0\n',
                           'weir_frame_calls_total{endpoint="vendor",code="ok"} 0\n'):
                self.assertIn(series, text)
            self.assertEqual(service.drain(), 0)

    def checked_by_promtool(self, text):
        if shutil.which("promtool") is None:
            self.skipTest("promtool is missing (Debian package prometheus)")
        checked = subprocess.run(["promtool", "check", "metrics"], input=text, text=True,
                                 capture_output=True, timeout=program.WAIT)
        self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ""))


class with_slow_place(with_place):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steps = cls.steps_of_a_second(1.0)

    @classmethod
    def steps_of_a_second(cls, seconds):
        """How far the slow endpoint counts in that time, here and now."""
        with program.serving(cls.place.example()) as service:
            began = time.monotonic()
            program.ask(service.http, "GET", "/slow/200000")
            return int(200_000 * seconds / (time.monotonic() - began))


class a_process_that_was_stopped(with_slow_place):
    """BEHAVIOUR.md, Process: "SIGSTOP and SIGCONT", "Waking more than 1 s late"."""

    def test_expires_nothing(self):
        config = self.place.example('limits.idle_timeout = "2s"',
                                    endpoints=program.SLOW + 'timeout = "2s"\n')
        with (program.serving(config) as service,
              contextlib.closing(http.client.HTTPConnection(*service.http,
                                                            timeout=program.WAIT)) as idle,
              program.frame_peer(service.frames) as peer):
            self.assertEqual(program.request(idle, "GET", "/vendors/080030").status, 200)
            thread, answers = self.in_background(service.http, "GET", f"/slow/{self.steps // 2}")
            self.wait_for_slow(service)
            self.stop_for(service, 3)
            self.assertEqual(program.request(idle, "GET", "/vendors/080030").status, 200)
            peer.call(1, "vendor", prefix="080030")
            self.assertEqual(peer.receive()["id"], 1)
            thread.join(program.WAIT)
            self.assertEqual(answers[0].status, 200)
            self.assertEqual(service.drain(), 0)

    # For longer than a loop may miss its beats.
    def test_does_not_look_like_one_that_stalls(self):
        for engine in ("", 'service.engine = "epoll"'):
            config = self.place.example(engine)
            with self.subTest(engine=engine), program.serving(config) as service:
                self.stop_for(service, 7)
                reply = program.ask(service.admin, "GET", "/healthz")
                self.assertEqual((reply.status, reply.body.decode()), (200, "ok\n"))
                tasks = program.ask(service.admin, "GET", "/debug/tasks")
                self.assertEqual(tasks.json["loops_without_answer"], [])
                self.assertEqual(service.drain(), 0)

    def stop_for(self, service, seconds):
        status = pathlib.Path(f"/proc/{service.process.pid}/status")
        service.signal(signal.SIGSTOP)
        try:
            program.wait_until(lambda: "State:\tT" in status.read_text(), "it goes on")
            time.sleep(seconds)
        finally:
            service.signal(signal.SIGCONT)


class the_end(with_slow_place):
    # BEHAVIOUR.md, Process: exit code 0, drained.
    def test_waits_for_what_is_in_flight(self):
        with program.serving(self.place.example()) as service:
            thread, answers = self.in_background(service.http, "GET", f"/slow/{self.steps}")
            self.wait_for_slow(service)
            self.assertEqual(service.drain(), 0)
            thread.join(program.WAIT)
            self.assertEqual((answers[0].status, answers[0].json), (200, {"n": self.steps}))
            with self.assertRaises(ConnectionRefusedError):
                socket.create_connection(service.http, timeout=program.WAIT)

    # BEHAVIOUR.md, Process: frames get goodbye.
    def test_waits_for_a_call_over_frames(self):
        with program.serving(self.place.example()) as service:
            with program.frame_peer(service.frames) as peer:
                peer.call(1, "slow", n=self.steps)
                self.wait_for_slow(service)
                service.signal(signal.SIGTERM)
                self.assertEqual(peer.receive(), GOODBYE)
                self.assertEqual(peer.receive(), {"id": 1, "row": {"n": self.steps}})
                self.assertIsNone(peer.receive())
            self.assertEqual(service.exit_code(), 0)

    def test_ends_although_a_peer_over_frames_says_nothing(self):
        with program.serving(self.place.example()) as service:
            with (program.frame_peer(service.frames) as greeted,
                  program.frame_peer(service.frames, greet=False) as silent):
                service.signal(signal.SIGTERM)
                self.assertEqual(greeted.receive(), GOODBYE)
                self.assertIsNone(greeted.receive())
                self.assertIsNone(silent.receive())
            self.assertEqual(service.exit_code(), 0)

    def test_ends_at_once_when_the_peers_have_seen_the_goodbye(self):
        with program.serving(self.place.example()) as service:
            with program.frame_peer(service.frames) as peer:
                service.signal(signal.SIGTERM)
                self.assertEqual(peer.receive(), GOODBYE)
                peer.socket.shutdown(socket.SHUT_WR)
                self.assertIsNone(peer.receive())
            self.assertEqual(service.exit_code(), 0)

    def test_ends_although_a_peer_over_frames_never_stops_and_loses_no_call(self):
        with program.serving(self.place.example()) as service:
            with program.frame_peer(service.frames) as peer:
                sent, stop = [0], threading.Event()

                def send():
                    with contextlib.suppress(OSError):
                        while not stop.is_set():
                            peer.call(sent[0], "vendor", prefix="080030")
                            sent[0] += 1

                thread = threading.Thread(target=send)
                thread.start()
                seen = [peer.receive() for _ in range(100)]
                service.signal(signal.SIGTERM)
                seen += iter(peer.receive_until_reset, None)
                stop.set()
                thread.join(program.WAIT)
            self.assertEqual(service.exit_code(), 0)
            self.check_calls(seen)

    def check_calls(self, seen):
        """Every call before the first that was refused has its rows: none that was begun is lost.

        The rest of the refusals may be: who sends to the last is reset in the end.
        """
        goodbye = seen.index(GOODBYE)
        answered, refused = set(), set()
        for frame in seen[:goodbye] + seen[goodbye + 1:]:
            if "rows" in frame:
                self.assertEqual(len(frame["rows"]), 3)
                answered.add(frame["id"])
            else:
                self.assertEqual(frame["error"]["code"], "unavailable", frame)
                refused.add(frame["id"])
        self.assertEqual(len(answered) + len(refused), len(seen) - 1)
        self.assertTrue(refused)
        self.assertEqual(answered, set(range(len(answered))))
        self.assertEqual(refused, set(range(len(answered), len(seen) - 1)))

    def patient(self):
        """The example, for whom another process may lock the database for long."""
        config = self.place.example()
        text = config.read_text()
        return self.place.write("patient.toml", text.replace(
            "[database]\n", '[database]\nbusy_timeout = "1m"\n', 1))

    # BEHAVIOUR.md, Process: lost is no connection that sent a byte of a request. Half of the peers
    # keep their connection as long as the answers let them, and a request is under way that waits
    # for a lock until the drain has begun.
    def test_loses_no_request_under_load(self):
        with (program.serving(self.patient()) as service,
              contextlib.closing(sqlite3.connect(self.place.database)) as other):
            lost = []
            ready = threading.Semaphore(0)

            def load(keeps):
                connection = http.client.HTTPConnection(*service.http, timeout=program.WAIT)
                for count in range(10**6):
                    try:
                        if connection.sock is None:
                            connection.connect()
                    except OSError:
                        break
                    try:
                        reply = program.request(connection, "GET", "/vendors/080030")
                        if reply.status != 200 or len(reply.json["rows"]) != 3:
                            lost.append(reply.body)
                    except Exception as error:  # whatever it is, the answer did not come whole
                        lost.append(error)
                        connection.close()
                    if not keeps:
                        connection.close()
                    if count == 10:
                        ready.release()

            threads = [threading.Thread(target=load, args=[at % 2 == 0]) for at in range(8)]
            for thread in threads:
                thread.start()
            for _ in threads:
                self.assertTrue(ready.acquire(timeout=program.WAIT))
            other.execute("begin immediate")
            waiting, waited = self.in_background(
                service.http, "POST", "/sightings",
                body={"mac": "00:1b:63:84:45:e6", "place": "x"})
            service.wait_for_metric('weir_db_connections{role="writer",state="in_use"}', 1)
            service.terminate()
            service.wait_for_log(lambda line: line.endswith("draining"))
            other.rollback()
            self.assertEqual(service.exit_code(), 0)
            for thread in (*threads, waiting):
                thread.join(program.WAIT)
                self.assertFalse(thread.is_alive())
            self.assertEqual(lost, [])
            self.assertEqual([reply.status for reply in waited], [201])

    # BEHAVIOUR.md, Process: exit code 3.
    def test_ends_at_once_at_a_second_signal(self):
        with program.serving(self.place.example()) as service:
            with contextlib.closing(socket.create_connection(service.http)) as peer:
                peer.sendall(f"GET /slow/{program.ENDLESS} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                self.wait_for_slow(service)
                service.signal(signal.SIGTERM)
                service.wait_for_log(lambda line: "draining" in line)
                service.signal(signal.SIGTERM)
                self.assertEqual(service.exit_code(), 3)

    # BEHAVIOUR.md, Process: exit code 1.
    def test_cuts_off_at_its_deadline(self):
        with program.serving(self.place.example('drain.timeout = "200ms"')) as service:
            with contextlib.closing(socket.create_connection(service.http)) as peer:
                peer.sendall(f"GET /slow/{program.ENDLESS} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                self.wait_for_slow(service)
                self.assertEqual(service.drain(), 1)


class a_write(with_place):
    def test_outlives_a_kill_right_after_its_201(self):
        with program.serving(self.place.example()) as service:
            for _ in range(5):
                added = program.ask(service.http, "POST", "/sightings", body=SIGHTING)
            service.process.kill()
            self.assertEqual(added.status, 201)
            self.assertEqual(service.exit_code(), -signal.SIGKILL)
        with contextlib.closing(sqlite3.connect(self.place.database)) as database:
            rows = database.execute("select place from sighting where id = ?", [added.json["id"]])
            self.assertEqual(rows.fetchall(), [("desk",)])
            self.assertEqual(database.execute("pragma integrity_check").fetchall(), [("ok",)])

    def test_is_synced_before_its_201(self):
        trace = self.place.folder / "trace"
        strace = tracing.command(trace, "fsync,fdatasync,sendto,sendmsg,pwrite64")
        tracing.skip_where_refused(self, strace)
        for engine in ("epoll", "uring"):
            with self.subTest(engine=engine):
                if engine == "uring":
                    program.skip_without_io_uring(self)
                self.write_twice(engine, strace)
                self.assert_synced(trace.read_text(errors="replace").splitlines())

    def write_twice(self, engine, strace):
        config = self.place.example(f'service.engine = "{engine}"')
        with program.serving(config, before=strace, environment=tracing.ENVIRONMENT) as service:
            for _ in range(2):
                added = program.ask(service.http, "POST", "/sightings", body=SIGHTING)
                self.assertEqual(added.status, 201)
            os.kill(tracing.traced_pid(service), signal.SIGTERM)
            self.assertEqual(service.exit_code(), 0)

    def assert_synced(self, lines):
        """For each 201: a sync of the log has ended after the last write into it."""
        unsynced = False
        syncing = set()
        writes = answers = 0
        for line in lines:
            thread, call = line.split(None, 1)
            if call.startswith("pwrite64(") and "network.db-wal>" in call:
                unsynced = True
                writes += 1
            elif re.match(r"f(data)?sync\(.*network\.db-wal>", call):
                if "unfinished" in call:
                    syncing.add(thread)
                else:
                    unsynced = False
            elif re.match(r"<\.\.\. f(data)?sync resumed", call) and thread in syncing:
                syncing.discard(thread)
                unsynced = False
            elif call.startswith("send") and "HTTP/1.1 201" in call:
                self.assertFalse(unsynced, line)
                answers += 1
                self.assertGreaterEqual(writes, answers)
        self.assertEqual(answers, 2)


if __name__ == "__main__":
    unittest.main()
