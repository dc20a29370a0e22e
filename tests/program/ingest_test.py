"""A flood of sightings: slowed down and not refused, durable when acknowledged.

`ingest_test.py KILLS` tries as many kills; a few where none is named.
"""

import contextlib
import json
import os
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import unittest

import program
from flood import BATCH, UNCHECKED, Rows, flood

KILLS = 3
CONNECTIONS = 64
IN_FLIGHT = 32  # of one connection, unless configured
# What a flood may cost the process beyond what it holds when idle: of each connection two slabs of
# 16 KiB that are received into, 64 KiB of answers that are not sent yet, and its calls, 8 KiB each;
# and 24 MiB for what they share: SQLite's caches, used row memory, the allocator's.
BUDGET = CONNECTIONS * (2 * 16 + 64 + IN_FLIGHT * 8) * 1024 + (24 << 20)


class with_place(unittest.TestCase):
    def setUp(self):
        self.place = program.place()
        self.addCleanup(self.place.close)

    def serving(self, *settings, **options):
        return program.serving(self.place.example(*settings, endpoints=UNCHECKED), **options)

    def ask_database(self, sql, *bound):
        with contextlib.closing(sqlite3.connect(self.place.database)) as database:
            return database.execute(sql, bound).fetchall()


def memory(service, field):
    status = pathlib.Path(f"/proc/{service.process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


class a_flood(with_place):
    def test_slows_its_senders_down_within_the_memory_that_is_stated(self):
        with self.serving() as service, \
                flood(service.frames, "flood", CONNECTIONS, Rows(bad_every=50)) as senders:
            idle = memory(service, "VmRSS")
            senders.run(until=lambda: min(each.blocked for each in senders.senders) > 2 and
                        senders.acknowledged > 20_000, seconds=120)
            cost = memory(service, "VmHWM") - idle
            grouped = (service.metric("weir_db_group_statements_sum"),
                       service.metric("weir_db_groups_total"))
            senders.run(until=lambda: senders.acknowledged > 21_000)
            self.check_answers(senders)
        print(f"\n{cost >> 10} KiB for a flood, of {BUDGET >> 10}; "
              f"{grouped[0] / grouped[1]:.0f} writes a group", file=sys.stderr)
        # A sanitizer has memory of its own for each of ours.
        if "SANITIZED" not in os.environ:
            self.assertLess(cost, BUDGET)
        self.assertGreater(grouped[0] / grouped[1], 6)

    def test_of_large_rows_costs_no_more_than_they_share(self):
        budget = (16 + 32 + 24) << 20  # of one loop: in flight, being received, and in all
        config = self.place.example("service.loops = 1", endpoints=UNCHECKED)
        config.write_text(config.read_text().replace(
            "[database]\n", '[database]\nbusy_timeout = "1m"\n', 1))
        with program.serving(config) as service, \
                flood(service.frames, "large", 16, Rows(place="x" * 900_000)) as senders, \
                contextlib.closing(sqlite3.connect(self.place.database)) as database:
            idle = memory(service, "VmRSS")
            database.execute("begin immediate")  # nothing is written meanwhile
            senders.run_until_it_stands()
            database.execute("rollback")
            senders.run(until=lambda: min(len(each.acknowledged) for each in senders.senders) > 3,
                        seconds=120)
            cost = memory(service, "VmHWM") - idle
            self.assertEqual([each.errors for each in senders.senders if each.errors], [])
        print(f"\n{cost >> 20} MiB for large rows, of {budget >> 20}", file=sys.stderr)
        if "SANITIZED" not in os.environ:
            self.assertLess(cost, budget)

    def check_answers(self, senders):
        for each in senders.senders:
            self.assertGreater(len(each.acknowledged), 0, "each gets its turn")
            answered = len(each.acknowledged) + len(each.errors)
            # The window: what the kernel keeps for either side, and what is in flight.
            self.assertLess((each.sent - answered) * 250, 2 * BATCH + (1 << 20))
            for number, code in each.errors.items():
                self.assertEqual(code, "conflict")
                self.assertTrue(each.is_bad(number), "its neighbours are unharmed")
            good = [number for number in range(max(each.errors, default=0))
                    if not each.is_bad(number)]
            missing = [number for number in good if each.key(number) not in each.acknowledged]
            self.assertLess(len(missing), 2 * IN_FLIGHT, "but for what is in flight")

    def test_doubles_nothing_that_is_sent_again(self):
        with self.serving() as service, program.frame_peer(service.frames) as peer:
            for number in range(100):
                peer.call(number, "sighting_add", mac="001b638445e6", place="x", key="again")
            rows = [peer.receive()["row"] for _ in range(100)]
            self.assertEqual([row for row in rows if row != rows[0]], [])
        self.assertEqual(self.ask_database("select count(*) from sighting"), [(1,)])


class a_kill(with_place):
    def test_in_the_middle_of_a_flood_loses_nothing_that_was_acknowledged(self):
        chance = random.Random(7)
        total = 0
        for kill in range(KILLS):
            with self.serving() as service, flood(service.frames, f"k{kill}") as senders:
                enough = chance.randrange(1, 3000)
                senders.run(until=lambda: senders.acknowledged >= enough)
                service.process.send_signal(signal.SIGKILL)
                ledger = senders.take_what_was_answered()
                self.assertEqual(service.exit_code(), -signal.SIGKILL)
            total += len(ledger)
            self.check(f"k{kill}/", ledger)
        print(f"\n{KILLS} kills, {total} acknowledged, none missing", file=sys.stderr)

    def check(self, prefix, ledger):
        self.assertEqual(self.ask_database("pragma integrity_check"), [("ok",)])
        stored = dict(self.ask_database("select key, id from sighting where key glob ?",
                                        prefix + "*"))
        missing = {key for key, id in ledger.items() if stored.get(key) != id}
        self.assertEqual(missing, set())


class a_disk_that_takes_no_more(with_place):
    """A limit on the size of files stands for it: the log cannot grow, writes get EFBIG."""

    def setUp(self):
        super().setUp()
        for tool in ("prlimit", "env"):
            if shutil.which(tool) is None:
                self.skipTest(f"{tool} is missing")

    def add(self, service):
        body = {"mac": "001b638445e6", "place": "x" * 180}
        return program.ask(service.http, "POST", "/sightings", body=body).status

    def ready(self, service):
        answer = program.ask(service.admin, "GET", "/readyz")
        return answer.status, answer.body.decode()

    LIMITED = ("prlimit", "--fsize=1048576:unlimited", "env", "--ignore-signal=XFSZ")

    def give_space(self, service):
        subprocess.run(["prlimit", f"--pid={service.process.pid}", "--fsize=unlimited"],
                       check=True, timeout=program.WAIT, **program.as_nobody())

    def rows(self):
        return "".join(json.dumps({"mac": "001b638445e6", "place": f"{number}".zfill(180)}) + "\n"
                       for number in range(3000))

    def check_rows(self):
        counts = "select count(*), count(distinct place) from sighting"
        self.assertEqual(self.ask_database(counts), [(3000, 3000)])

    def ingest(self, service, *words):
        return program.run("call", "ingest", "--to", f"127.0.0.1:{service.frames[1]}", *words,
                           input=self.rows())

    def test_keeps_an_ingest_waiting_until_there_is_space_again(self):
        self.check_waiting()

    def test_keeps_rows_without_keys_waiting_as_well(self):
        self.check_waiting("--key", "")

    def check_waiting(self, *words):
        with self.serving(before=self.LIMITED) as service:
            full = threading.Thread(target=self.give_space_when_full, args=[service])
            full.start()
            done = self.ingest(service, *words)
            full.join()
            self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
            self.assertIn("3000 sent, 3000 acknowledged, 0 refused", done.stdout)
        self.check_rows()

    def give_space_when_full(self, service):
        failed = 'weir_frame_calls_total{endpoint="sighting_add",code="storage"}'
        program.wait_until(lambda: service.metric(failed) > 0, "the disk is not full")
        self.give_space(service)

    def test_ends_an_ingest_that_may_not_wait_and_names_its_run(self):
        with self.serving(before=self.LIMITED) as service:
            done = self.ingest(service, "--patience", "1s")
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn("was not acknowledged in time", done.stderr)
            self.assertIn(", 0 refused", done.stdout)
            run = re.search(r"with --run (\w+) the same input goes on", done.stderr).group(1)
            self.give_space(service)
            done = self.ingest(service, "--run", run)
            self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.check_rows()

    def test_fails_writes_while_reads_go_on_and_recovers_with_the_space(self):
        with self.serving(before=self.LIMITED) as service:
            written = 0
            while (status := self.add(service)) == 201:
                written += 1
                self.assertLess(written, 5000)
            self.assertEqual(status, 500)
            self.assertEqual(self.add(service), 500)
            self.assertEqual(program.ask(service.http, "GET", "/vendors/080030").status, 200)
            status, why = self.ready(service)
            self.assertEqual(status, 503, "a read does not hide it")
            self.assertIn("database: the last write failed", why)
            self.give_space(service)
            self.assertEqual(self.add(service), 201)
            self.assertEqual(self.ready(service)[0], 200)
            self.assertEqual(service.drain(), 0)
        self.assertEqual(self.ask_database("select count(*) from sighting"), [(written + 1,)])
        self.assertEqual(self.ask_database("pragma integrity_check"), [("ok",)])


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        KILLS = int(sys.argv.pop(1))
    unittest.main()
