"""`weir call` and `weir call ingest`, against the program's own server."""

import contextlib
import json
import re
import select
import signal
import socket
import sqlite3
import subprocess
import threading
import unittest

import program
from terminal import on_a_terminal

# A table that knows its rows by a key, whatever the example's does.
ROWS = """
[[endpoint]]
name = "row_add"
method = "POST"
path = "/rows"
params.key = { type = "text", required = false }
params.mac = { type = "text", pattern = "[0-9a-f:]{17}" }
params.place = { type = "text", default = "here" }
params.count = { type = "integer", default = 0 }
sql = '''
insert into entry (key, mac, place, count) values (:key, :mac, :place, :count)
on conflict (key) do update set key = excluded.key
returning id'''
result = "row"
"""
SCHEMA = """
create table entry (id integer primary key, key text unique, mac text not null, place text not null,
                  count integer not null)"""
NEIGHBOURS = """192.168.1.7 dev eth0 lladdr 00:1b:63:84:45:e6 REACHABLE
192.168.1.8 dev eth0  FAILED
fe80::1 dev eth0 lladdr 00:1b:63:84:45:e7 router STALE
"""


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def told_run(errors):
    """The name of a run that did not get everything acknowledged."""
    return re.search(r"with --run (\w+) the same input goes on, and nothing is doubled",
                     errors).group(1)


def mac(number):
    return ":".join(f"{number:012x}"[at:at + 2] for at in range(0, 12, 2))


class with_place(unittest.TestCase):
    def setUp(self):
        self.place = program.place()
        self.addCleanup(self.place.close)
        self.sql(SCHEMA)

    def sql(self, statement):
        known = sqlite3.connect(self.place.database, timeout=program.WAIT)
        with contextlib.closing(known):
            rows = known.execute(statement).fetchall()
            known.commit()
            return rows

    def serving(self):
        config = self.place.example(endpoints=ROWS + program.SLOW)
        return program.serving(config)

    def call(self, service, *words, **options):
        return program.run("call", "--to", f"127.0.0.1:{service.frames[1]}", *words, **options)

    def ingest(self, service, text, *words):
        return program.run("call", "ingest", "--to", f"127.0.0.1:{service.frames[1]}", *words,
                           input=text)


class a_call(with_place):
    def test_prints_its_answer(self):
        with self.serving() as service:
            called = self.call(service, "vendor", "prefix=080030")
            self.assertEqual((called.returncode, called.stderr), (0, ""))
            answer = json.loads(called.stdout)
            self.assertEqual(list(answer), ["rows"])
            self.assertEqual(answer["rows"][2]["name"], "CERN")
            called = self.call(service, "vendors", "name=raspberry", "limit:=2")
            self.assertEqual(len(json.loads(called.stdout)["rows"]), 2)

    def test_tells_what_is_wrong_and_how_to_write_a_number(self):
        with self.serving() as service:
            called = self.call(service, "vendors", "name=raspberry", "limit=2")
            self.assertEqual((called.returncode, called.stdout), (1, ""))
            self.assertIn("limit must be an integer (write limit:=2", called.stderr)
            called = self.call(service, "vendor", "prefix=nobody")
            self.assertEqual(called.returncode, 1)
            self.assertIn("weir: vendor: not_found", called.stderr)
            called = self.call(service, "--timeout", "200ms", "slow", f"n:={program.ENDLESS}")
            self.assertEqual(called.returncode, 1)
            self.assertIn("timed_out", called.stderr)

    def test_tells_where_nobody_is(self):
        called = program.run("call", "--to", f"127.0.0.1:{free_port()}", "vendor", "prefix=1")
        self.assertEqual(called.returncode, 1)
        self.assertRegex(called.stderr, r"unavailable: .*127\.0\.0\.1:\d+: refused")

    def test_goes_on_to_the_next_host(self):
        with self.serving() as service:
            called = program.run("call", "--to", f"127.0.0.1:{free_port()}", "--to",
                                 f"127.0.0.1:{service.frames[1]}", "vendor", "prefix=080030")
            self.assertEqual(called.returncode, 0, called.stderr)

    def test_is_a_usage_error_where_it_cannot_be_made(self):
        for words in ((), ("vendor", "prefix"), ("vendor", "n:=x"), ("--to", "nowhere", "vendor"),
                      ("--timeout", "5", "vendor"), ("ingest", "--format", "xml"),
                      ("ingest", "place")):
            self.assertEqual(program.run("call", *words, input="").returncode, 2, words)


class an_ingest(with_place):
    def test_reads_lines_of_json(self):
        rows = [json.dumps({"mac": mac(n), "count": n}) for n in range(1000)]
        with self.serving() as service:
            done = self.ingest(service, "\n".join(rows), "--call", "row_add", "place=desk")
            self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
            self.assertRegex(done.stdout, r"^1000 sent, 1000 acknowledged, 0 refused, \d+ rows/s\n")
        self.assertEqual(self.sql("select count(*), sum(count), min(place), max(place) from entry"),
                         [(1000, 499500, "desk", "desk")])

    def test_reads_csv_and_maps_its_columns(self):
        text = f'who,n,left out\r\n{mac(1)},1,x\r\n"{mac(2)}","2","y\r\nz"\r\n'
        with self.serving() as service:
            done = self.ingest(service, text, "--call", "row_add", "--map", "who=mac", "--map",
                               "n:=count")
            self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        self.assertEqual(self.sql("select mac, count, place from entry order by id"),
                         [(mac(1), 1, "here"), (mac(2), 2, "here")])

    def test_reads_neighbours(self):
        with self.serving() as service:
            done = self.ingest(service, NEIGHBOURS, "--call", "row_add", "place=desk")
            self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        self.assertEqual(self.sql("select mac, place from entry order by mac"),
                         [("00:1b:63:84:45:e6", "desk"), ("00:1b:63:84:45:e7", "desk")])

    def test_tells_which_lines_were_refused(self):
        text = (f'{{"mac": "{mac(1)}"}}\n{{"mac": "bad"}}\nnonsense\n'
                f'{{"mac": "{mac(2)}", "x": 1}}\n')
        with self.serving() as service:
            done = self.ingest(service, text, "--call", "row_add", "--format", "json")
        self.assertEqual(done.returncode, 1)
        self.assertIn("3 sent, 1 acknowledged, 3 refused", done.stdout)
        self.assertIn("line 2: mac ", done.stdout)
        self.assertIn("line 3: this is no JSON", done.stdout)
        self.assertIn("line 4: there is no parameter x", done.stdout)

    def test_names_its_run_where_not_every_row_is_acknowledged(self):
        text = f'{{"mac": "{mac(1)}"}}\n{{"mac": "bad"}}\n'
        with self.serving() as service:
            done = self.ingest(service, text, "--call", "row_add")
            self.assertEqual(done.returncode, 1)
            run = told_run(done.stderr)
            mended = text.replace("bad", mac(2))
            done = self.ingest(service, mended, "--call", "row_add", "--run", run)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.sql("select mac from entry order by id"), [(mac(1),), (mac(2),)])

    def test_gives_up_at_once_where_nobody_is(self):
        done = program.run("call", "ingest", "--to", f"127.0.0.1:{free_port()}", "place=desk",
                           input=NEIGHBOURS)
        self.assertEqual(done.returncode, 1)
        self.assertIn("given up", done.stderr)

    def test_sends_the_same_input_again_without_doubling(self):
        with self.serving() as service:
            for _ in range(2):
                done = self.ingest(service, NEIGHBOURS, "--call", "row_add", "--run", "again")
                self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        keys = [key for key, in self.sql("select key from entry order by id")]
        self.assertEqual([re.sub("-[0-9a-f]{16}$", "", key) for key in keys],
                         ["again-1", "again-3"])

    def test_takes_other_rows_of_the_same_run_for_others(self):
        later = NEIGHBOURS.replace("84:45", "84:46")
        with self.serving() as service:
            for text in (NEIGHBOURS, later, NEIGHBOURS + later):
                done = self.ingest(service, text, "--call", "row_add", "--run", "again")
                self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertEqual(self.sql("select count(*), count(distinct mac) from entry"), [(6, 4)])

    def test_keeps_the_keys_that_rows_bring(self):
        inputs = ((f'{{"mac": "{mac(1)}", "key": "a"}}\n{{"mac": "{mac(2)}", "key": "b"}}\n',),
                  (f'key,mac\nc,{mac(1)}\nd,{mac(2)}\n',),
                  (f'who,mac\ne,{mac(1)}\nf,{mac(2)}\n', "--map", "who=key", "--map", "mac=mac"),
                  (f'{{"mac": "{mac(1)}"}}\n', "key=g"))
        with self.serving() as service:
            for text, *words in inputs * 2:
                done = self.ingest(service, text, "--call", "row_add", *words)
                self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertEqual(self.sql("select key, mac from entry order by key"),
                         [(key, mac(1 + at % 2)) for at, key in enumerate("abcdefg")])

    def test_makes_a_key_for_a_row_whose_own_says_nothing(self):
        inputs = (f'{{"mac": "{mac(1)}", "key": null}}\n', f'key,mac\n,{mac(2)}\n')
        with self.serving() as service:
            for text in inputs * 2:
                done = self.ingest(service, text, "--call", "row_add", "--run", "again")
                self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        keys = [key for key, in self.sql("select key from entry order by id")]
        self.assertEqual([key[:7] for key in keys], ["again-1", "again-2"])

    def test_sends_no_key_where_it_is_told_so(self):
        with self.serving() as service:
            for _ in range(2):
                done = self.ingest(service, NEIGHBOURS, "--call", "row_add", "--key", "")
                self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertEqual(self.sql("select key from entry"), [(None,)] * 4)


class a_server_of_the_test(unittest.TestCase):
    """Says hello, and no more than it is told to."""

    def setUp(self):
        self.listening = self.enterContext(socket.create_server(("127.0.0.1", 0)))
        self.listening.settimeout(program.WAIT)

    def ingest(self, count, *words):
        """Begins to send so many rows; answers with the process and its connection."""
        sender = subprocess.Popen(
            [program.BINARY, "call", "ingest", "--to",
             f"127.0.0.1:{self.listening.getsockname()[1]}", "--call", "row_add", *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            **program.as_nobody())
        self.addCleanup(sender.wait)
        self.addCleanup(sender.kill)
        sender.stdin.write("".join(json.dumps({"mac": mac(n)}) + "\n" for n in range(count)))
        sender.stdin.flush()
        return sender, self.accept()

    def accept(self):
        accepted, _ = self.listening.accept()
        accepted.settimeout(program.WAIT)
        peer = self.enterContext(program.frame_peer.on(accepted))
        self.assertIn("hello", peer.receive())
        peer.send({"hello": {"protocol": "weir", "version": 1, "in_flight": 32}})
        return peer

    def test_gets_no_more_rows_at_a_time_than_may_be_in_flight(self):
        sender, peer = self.ingest(10, "--in-flight", "3")
        in_flight = []
        for _ in range(10):
            in_flight.append(peer.receive()["id"])
            if len(in_flight) == 3:
                self.assertFalse(select.select([peer.socket], [], [], 0.05)[0])
                peer.send({"id": in_flight.pop(0), "row": {"id": 1}})
        for id in in_flight:
            peer.send({"id": id, "row": {"id": 1}})
        told, _ = sender.communicate(timeout=program.WAIT)
        self.assertRegex(told, r"^10 sent, 10 acknowledged, 0 refused")

    def test_gets_a_row_with_a_key_of_its_own_again_after_a_lost_connection(self):
        sender, peer = self.ingest(2, "--map", "mac=key")
        rows = [peer.receive() for _ in range(2)]
        self.assertEqual([row["params"] for row in rows], [{"key": mac(0)}, {"key": mac(1)}])
        peer.send({"id": rows[0]["id"], "row": {"id": 1}})
        peer.socket.close()
        peer = self.accept()
        again = peer.receive()
        self.assertEqual(again["params"], {"key": mac(1)})
        peer.send({"id": again["id"], "row": {"id": 2}})
        told, errors = sender.communicate(timeout=program.WAIT)
        self.assertEqual((sender.returncode, errors), (0, ""))
        self.assertRegex(told, r"^2 sent, 2 acknowledged, 0 refused")

    def test_is_given_up_after_the_patience_for_a_row(self):
        sender, peer = self.ingest(1, "--patience", "300ms")
        self.assertEqual(peer.receive()["params"]["mac"], mac(0))
        told, errors = sender.communicate(timeout=program.WAIT)
        self.assertEqual(sender.returncode, 1)
        self.assertRegex(told, r"^1 sent, 0 acknowledged, 0 refused")
        self.assertIn("given up: line 1 was not acknowledged in time", errors)
        self.assertTrue(told_run(errors))


class a_terminal(with_place):
    def test_shows_how_far_an_ingest_is_and_then_what_became_of_it(self):
        with self.serving() as service, \
                on_a_terminal("call", "ingest", "--to", f"127.0.0.1:{service.frames[1]}",
                              "--call", "row_add") as ingest:
            ingest.wait_for(r"\r0 sent, 0 acknowledged, 0 refused, 0 rows/s\x1b\[K")
            ingest.type(json.dumps({"mac": mac(1)}) + "\n")
            ingest.wait_for(r"\r1 sent, 1 acknowledged, 0 refused, \d+ rows/s\x1b\[K")
            ingest.press_ctrl_d()
            self.assertEqual(ingest.exit_code(), 0, ingest.shown)
            # The line is gone, and the summary stands in its place.
            self.assertRegex(ingest.shown, r"\r\x1b\[K1 sent, 1 acknowledged, 0 refused, .*\r\n$")
        self.assertEqual(self.sql("select mac from entry"), [(mac(1),)])


    def test_ends_an_ingest_by_ctrl_c_with_what_there_is_and_how_it_goes_on(self):
        with self.serving() as service:
            to = ("call", "ingest", "--to", f"127.0.0.1:{service.frames[1]}", "--call", "row_add")
            line = json.dumps({"mac": mac(1)}) + "\n"
            with on_a_terminal(*to) as ingest:
                ingest.type(line)
                ingest.wait_for(r"\r1 sent, 1 acknowledged, 0 refused, \d+ rows/s\x1b\[K")
                ingest.press_ctrl_c()
                self.assertEqual(ingest.exit_code(), 1, ingest.shown)
            self.assertRegex(ingest.shown, r"\r\x1b\[K1 sent, 1 acknowledged, 0 refused, .*\r\n"
                                           r"weir: given up: interrupted\r\n")
            again = self.ingest(service, line, "--call", "row_add", "--run",
                                told_run(ingest.shown))
            self.assertEqual(again.returncode, 0, again.stdout)
        self.assertEqual(self.sql("select mac from entry"), [(mac(1),)])


class a_server_that_says_nothing(with_place):
    def interrupted(self, *words):
        """What an ingest says that is ended while its row is on the way."""
        with self.serving() as service:
            with on_a_terminal("call", "ingest", "--to", f"127.0.0.1:{service.frames[1]}",
                               "--call", "row_add", *words) as ingest:
                ingest.type(json.dumps({"mac": mac(1)}) + "\n")
                ingest.wait_for(r"\r1 sent, 1 acknowledged")
                service.signal(signal.SIGSTOP)
                try:
                    ingest.type(json.dumps({"mac": mac(2)}) + "\n")
                    ingest.wait_for(r"\r2 sent, 1 acknowledged")
                    ingest.press_ctrl_c()
                    self.assertEqual(ingest.exit_code(), 1, ingest.shown)
                finally:
                    service.signal(signal.SIGCONT)
        return ingest.shown

    def test_does_not_keep_an_ingest_that_is_ended(self):
        told = self.interrupted()
        self.assertRegex(told, r"\x1b\[K2 sent, 1 acknowledged, 0 refused, \d+ rows/s\r\n")
        self.assertTrue(told_run(told))

    def test_leaves_a_row_without_a_key_uncertain(self):
        told = self.interrupted("--key", "")
        self.assertRegex(told, r"\x1b\[K2 sent, 1 acknowledged, .* rows/s, 1 uncertain\r\n")
        self.assertNotIn("--run", told)


class a_server_that_is_killed(with_place):
    COUNT = 40_000

    def test_doubles_and_loses_nothing(self):
        config = self.place.example(endpoints=ROWS)
        text = config.read_text()
        port = free_port()
        config.write_text(re.sub(r"(\[frames\]\nlisten = \"127\.0\.0\.1:)0", rf"\g<1>{port}", text))
        with program.serving(config) as service:
            sender = subprocess.Popen(
                [program.BINARY, "call", "ingest", "--to", f"127.0.0.1:{port}",
                 "--call", "row_add"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                **program.as_nobody())
            self.addCleanup(sender.kill)
            half = self.COUNT // 2
            typing = threading.Thread(target=self.type_lines, args=(sender.stdin, half))
            typing.start()
            program.wait_until(lambda: self.stored() > half // 100, "nothing arrives")
            service.process.kill()
            service.exit_code()
            self.assertLess(self.stored(), half, "the sender had more to send")
        with program.serving(config):
            typing.join(program.WAIT)
            out, errors = sender.communicate("".join(self.line(n) for n in range(half, self.COUNT)),
                                             timeout=program.WAIT)
            self.assertEqual(sender.returncode, 0, out + errors)
            self.assertIn(f"{self.COUNT} sent, {self.COUNT} acknowledged, 0 refused", out)
        self.assertEqual(self.sql("select count(*), count(distinct mac), sum(count) from entry"),
                         [(self.COUNT, self.COUNT, self.COUNT * (self.COUNT - 1) // 2)])

    def type_lines(self, to, count):
        to.write("".join(self.line(n) for n in range(count)))
        to.flush()

    @staticmethod
    def line(number):
        return json.dumps({"mac": mac(number), "count": number}) + "\n"

    def stored(self):
        return self.sql("select count(*) from entry")[0][0]


if __name__ == "__main__":
    unittest.main()
