"""The example over frames."""

import contextlib
import json
import socket
import sqlite3
import struct
import time
import unittest

import program


class with_service(unittest.TestCase):
    SETTINGS = ()

    @classmethod
    def setUpClass(cls):
        cls.resources = contextlib.ExitStack()
        cls.place = program.place()
        cls.resources.callback(cls.place.close)
        config = cls.place.example(*cls.SETTINGS)
        cls.service = cls.resources.enter_context(program.serving(config))

    @classmethod
    def tearDownClass(cls):
        cls.resources.close()

    def setUp(self):
        self.peer = program.frame_peer(self.service.frames)
        self.addCleanup(self.peer.socket.close)

    def call(self, name, /, **params):
        self.peer.call(7, name, **params)
        answer = self.peer.receive()
        self.assertEqual(answer.pop("id"), 7)
        return answer

    def error(self, frame):
        """The id, code and detail of what a frame is answered with."""
        self.peer.send(frame)
        answer = self.peer.receive()
        error = answer["error"]
        self.assertTrue(error["title"])
        return answer["id"], error["code"], error.get("detail")


class the_calls(with_service):
    def test_find_vendors(self):
        rows = self.call("vendor", prefix="080030")["rows"]
        self.assertEqual(len(rows), 3)
        self.assertEqual(rows[2]["name"], "CERN")
        rows = self.call("vendors", name="raspberry", limit=2)["rows"]
        self.assertEqual(len(rows), 2)
        self.assertIn("Raspberry", rows[0]["name"])
        missing = self.call("vendors", name="no such vendor")
        self.assertEqual(missing["error"]["code"], "not_found")
        rows = self.call("lookup", mac="001B.6384.45E6")["rows"]
        self.assertEqual([row["name"] for row in rows], ["Apple, Inc."])

    def test_add_and_find_sightings(self):
        added = self.call("sighting_add", mac="00-1B-63-84-45-E6", place="Küche")["row"]
        self.assertEqual(added["mac"], "00:1B:63:84:45:E6")
        found = self.call("sighting", id=added["id"])["row"]
        self.assertEqual(found, {**added, "vendor": "Apple, Inc."})
        self.assertIn(found, self.call("sightings", mac="001b638445e6")["rows"])

    def test_bring_a_large_answer(self):
        rows = self.call("vendors", name="e", limit=1000)["rows"]
        self.assertEqual(len(rows), 1000)

    def test_are_pipelined(self):
        for id in range(200):
            self.peer.call(id, "vendor", prefix="080030")
        answers = [self.peer.receive() for _ in range(200)]
        self.assertEqual({answer["id"] for answer in answers}, set(range(200)))
        self.assertTrue(all(len(answer["rows"]) == 3 for answer in answers))

    def test_may_arrive_in_pieces(self):
        payload = b'{"id":"x","call":"vendor","params":{"prefix":"080030"}}'
        for byte in struct.pack(">I", len(payload)) + payload:
            self.peer.socket.sendall(bytes([byte]))
        self.assertEqual(self.peer.receive()["id"], "x")

    def test_say_what_is_wrong_and_go_on(self):
        def call(**members):
            return {"id": 1, "call": "vendor", **members}

        self.assertEqual(self.error(call(call="none")),
                         (1, "not_found", "there is no call none"))
        self.assertEqual(self.error(call(params={"prefix": "none"}))[:2], (1, "not_found"))
        self.assertEqual(self.error(call()), (1, "invalid_argument", "prefix is missing"))
        self.assertEqual(self.error(call(params={"prefix": 7})),
                         (1, "invalid_argument", "prefix must be a text"))
        self.assertEqual(self.error(call(params={"prefix": "x", "perfix": 1}))[:2],
                         (1, "invalid_argument"))
        self.assertEqual(self.error({"id": 1}), (1, "invalid_argument", "call is missing"))
        self.assertEqual(len(self.call("vendor", prefix="080030")["rows"]), 3)

    def test_end_with_what_is_no_json(self):
        marked = b"\xef\xbb\xbf" + json.dumps({"id": 1, "call": "none"}).encode()
        for wrong in (b"", b"{", b"[]", b"GET / HTTP/1.1\r\n\r\n", marked, self.nested(33)):
            with program.frame_peer(self.service.frames) as peer:
                peer.send(wrong)
                told = peer.receive()
                self.assertEqual((told["id"], told["error"]["code"]), (None, "malformed"), wrong)
                self.assertIsNone(peer.receive(), wrong)
        self.peer.send(self.nested(32))
        self.assertEqual(self.peer.receive()["error"]["detail"], "prefix must be a text")

    @staticmethod
    def nested(levels):
        """A call of so many levels, two of which are its own."""
        inner = "[" * (levels - 2) + "]" * (levels - 2)
        return ('{"id": 1, "call": "vendor", "params": {"prefix": ' + inner + "}}").encode()

    def test_end_with_a_length_that_cannot_be(self):
        self.peer.socket.sendall(b"\xff\xff\xff\xff")
        answer = self.peer.receive()
        self.assertEqual(answer["error"]["code"], "too_large")
        self.assertIsNone(self.peer.receive())

    def test_may_be_as_large_as_the_hello_says(self):
        most = self.peer.hello["max_frame"]
        call = {"id": 1, "call": "none", "params": {"x": ""}}
        call["params"]["x"] = "y" * (most - len(json.dumps(call)))
        self.assertEqual(self.error(call)[:2], (1, "not_found"))

    def test_end_with_a_length_over_max_frame_before_any_of_it_has_come(self):
        self.peer.socket.sendall(struct.pack(">I", self.peer.hello["max_frame"] + 1))
        answer = self.peer.receive()
        self.assertEqual((answer["id"], answer["error"]["code"]), (None, "too_large"))
        self.assertIsNone(self.peer.receive())

    def test_begin_with_a_hello(self):
        with program.frame_peer(self.service.frames, greet=False) as peer:
            peer.call(1, "vendor", prefix="080030")
            answer = peer.receive()
            self.assertEqual((answer["id"], answer["error"]["code"]), (None, "malformed"))
            self.assertIsNone(peer.receive())

    def test_can_be_canceled(self):
        in_use = 'weir_db_connections{role="reader",state="in_use"}'
        self.peer.call(1, "slow", n=program.ENDLESS)
        self.service.wait_for_metric(in_use, 1)
        self.assertEqual(self.error({"cancel": 1})[:2], (1, "canceled"))
        self.service.wait_for_metric(in_use, 0)

    def test_end_at_their_own_timeout(self):
        self.assertEqual(self.error({"id": 1, "call": "slow", "timeout_ms": 50,
                                     "params": {"n": program.ENDLESS}})[:2], (1, "timed_out"))

    def test_are_answered_as_they_finish(self):
        self.peer.send({"id": 1, "call": "slow", "timeout_ms": 500,
                        "params": {"n": program.ENDLESS}})
        self.peer.call(2, "vendor", prefix="080030")
        self.assertEqual(self.peer.receive()["id"], 2)
        self.assertEqual(self.peer.receive()["id"], 1)

    def test_are_answered_although_the_peer_sends_no_more(self):
        self.peer.send({"id": 1, "call": "slow", "timeout_ms": 200,
                        "params": {"n": program.ENDLESS}})
        self.peer.socket.shutdown(socket.SHUT_WR)
        self.assertEqual(self.peer.receive()["error"]["code"], "timed_out")
        self.assertIsNone(self.peer.receive())

    def test_end_with_a_peer_that_is_gone(self):
        in_use = 'weir_db_connections{role="reader",state="in_use"}'
        self.peer.call(1, "slow", n=program.ENDLESS)
        self.service.wait_for_metric(in_use, 1)
        program.reset(self.peer.socket)
        self.service.wait_for_metric(in_use, 0)

    def test_end_with_a_peer_that_resets_after_it_has_finished(self):
        in_use = 'weir_db_connections{role="reader",state="in_use"}'
        self.peer.call(1, "slow", n=program.ENDLESS)
        self.service.wait_for_metric(in_use, 1)
        self.peer.socket.shutdown(socket.SHUT_WR)
        program.reset(self.peer.socket)
        self.service.wait_for_metric(in_use, 0)

    def test_are_counted(self):
        self.call("vendor", prefix="080030")
        self.error({"id": 1, "call": "none"})
        series = 'weir_frame_calls_total{endpoint="%s",code="%s"}'
        self.assertGreaterEqual(self.service.metric(series % ("vendor", "ok")), 1)
        self.assertGreaterEqual(self.service.metric(series % ("other", "not_found")), 1)


class the_body_limit(unittest.TestCase):
    ROOM = 64 << 10  # around a call's parameters

    def setUp(self):
        self.place = program.place()
        self.addCleanup(self.place.close)

    def check(self, limit, most):
        """Of a service with this `limits.body`, which is `most` bytes."""
        with program.serving(self.place.example(f'limits.body = "{limit}"')) as service, \
                program.frame_peer(service.frames) as peer:
            self.assertEqual(peer.hello["max_frame"], most + self.ROOM)
            call = {"id": 1, "call": "none", "params": {"x": ""}}
            call["params"]["x"] = "y" * (most + self.ROOM - len(json.dumps(call)))
            peer.send(call)
            self.assertEqual(peer.receive()["error"]["code"], "not_found")
            # An answer has a bound of its own.
            peer.call(2, "vendors", name="e", limit=1000)
            self.assertEqual(len(peer.receive()["rows"]), 1000)
            peer.socket.sendall(struct.pack(">I", most + self.ROOM + 1))
            self.assertEqual(peer.receive()["error"]["code"], "too_large")
            self.assertIsNone(peer.receive())
            body = {"mac": "001b638445e6", "place": ""}
            body["place"] = "y" * (most - len(json.dumps(body)))
            self.assertEqual(program.ask(service.http, "POST", "/sightings", body=body).status, 400)
            announced = {"Content-Type": "application/json", "Content-Length": str(most + 1)}
            reply = program.ask(service.http, "POST", "/sightings", headers=announced)
            self.assertEqual(reply.status, 413)

    def test_may_be_larger_than_any_answer(self):
        self.check("16MiB", 16 << 20)

    def test_may_be_small(self):
        self.check("1KiB", 1 << 10)


class a_database_with_times_of_its_own(with_service):
    """One reader; nobody waits as long as by default."""

    SETTINGS = ('limits.request_timeout = "1m"',)

    @classmethod
    def setUpClass(cls):
        cls.resources = contextlib.ExitStack()
        cls.place = program.place()
        cls.resources.callback(cls.place.close)
        text = cls.place.example(*cls.SETTINGS).read_text()
        config = cls.place.write("weir.toml", text.replace("[database]\n", """[database]
readers = 1
acquire_timeout = "100ms"
busy_timeout = "100ms"
statement_timeout = "4s"
"""))
        cls.service = cls.resources.enter_context(program.serving(config))

    def test_ends_a_statement_and_does_not_let_others_wait_for_it(self):
        self.peer.call(1, "slow", n=program.ENDLESS)
        self.service.wait_for_metric('weir_db_connections{role="reader",state="in_use"}', 1)
        self.peer.call(2, "vendor", prefix="080030")
        ended = [self.peer.receive() for _ in range(2)]
        self.assertEqual([(each["id"], each["error"]["code"]) for each in ended],
                         [(2, "overloaded"), (1, "timed_out")])

    def test_does_not_wait_for_a_lock_of_somebody_else(self):
        with contextlib.closing(sqlite3.connect(self.place.database)) as other:
            other.execute("begin immediate")
            asked = time.monotonic()
            self.peer.call(1, "sighting_add", mac="001b638445e6", place="x")
            self.assertEqual(self.peer.receive()["error"]["code"], "overloaded")
            self.assertLess(time.monotonic() - asked, 3, "nor for the statement's own time")
        self.assertIn("row", self.call("sighting_add", mac="001b638445e6", place="x"))


class an_endpoint_without_a_timeout(with_service):
    SETTINGS = ('limits.request_timeout = "200ms"',)

    def test_has_that_of_all(self):
        self.peer.call(1, "slow", n=program.ENDLESS)
        self.assertEqual(self.peer.receive()["error"]["code"], "timed_out")
        reply = program.ask(self.service.http, "GET", f"/slow/{program.ENDLESS}")
        self.assertEqual(reply.status, 503)


class the_limit(with_service):
    SETTINGS = ("limits.in_flight = 2",)

    def test_keeps_a_third_call_waiting(self):
        for id in (1, 2):
            self.peer.send({"id": id, "call": "slow", "timeout_ms": 500,
                            "params": {"n": program.ENDLESS}})
        self.peer.call(3, "vendor", prefix="080030")
        self.assertIn(self.peer.receive()["id"], (1, 2))
        self.assertIn(3, [self.peer.receive()["id"] for _ in range(2)])

    def test_is_each_connections_own(self):
        for id in (1, 2):
            self.peer.send({"id": id, "call": "slow", "timeout_ms": 500,
                            "params": {"n": program.ENDLESS}})
        with program.frame_peer(self.service.frames) as other:
            other.call(3, "vendor", prefix="080030")
            self.assertEqual(other.receive()["id"], 3)
        self.assertEqual({self.peer.receive()["id"] for _ in range(2)}, {1, 2})


if __name__ == "__main__":
    unittest.main()
