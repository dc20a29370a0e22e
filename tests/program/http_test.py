"""The example over HTTP: the real registry, row by row where it is peculiar."""

import collections
import contextlib
import csv
import gzip
import http.client
import json
import os
import pathlib
import socket
import sqlite3
import unittest
from urllib.parse import quote

import program

DATA = pathlib.Path(os.environ.get("IEEE_DATA", "/usr/share/ieee-data"))
PROBLEM = "application/problem+json"


def registry():
    """prefix -> rows as the service should have them, out of Python's own CSV reader."""
    rows = collections.defaultdict(list)
    for name in ("oui", "mam", "oui36", "iab"):
        with open(DATA / f"{name}.csv", encoding="utf-8", newline="") as file:
            for _, prefix, owner, address in list(csv.reader(file, strict=True))[1:]:
                prefix = prefix.upper()
                rows[prefix].append({"prefix": prefix, "name": owner.strip("\t\n\r "),
                                     "address": address.strip("\t\n\r ") or None})
    return rows


class with_service(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.resources = contextlib.ExitStack()
        cls.place = program.place()
        cls.resources.callback(cls.place.close)
        cls.service = cls.resources.enter_context(program.serving(cls.place.example()))
        cls.connection = http.client.HTTPConnection(*cls.service.http, timeout=program.WAIT)
        cls.resources.callback(cls.connection.close)

    @classmethod
    def tearDownClass(cls):
        cls.resources.close()

    def ask(self, method, target, body=None, headers=None):
        return program.request(self.connection, method, target, body=body, headers=headers)

    def get(self, target, headers=None):
        return self.ask("GET", target, headers=headers)

    def rows(self, target):
        reply = self.get(target)
        self.assertEqual((reply.status, reply.type), (200, "application/json"), reply.body)
        return reply.json["rows"]

    def refused(self, reply, status, detail):
        self.assertEqual((reply.status, reply.type), (status, PROBLEM), reply.body)
        self.assertEqual(reply.json["status"], status)
        self.assertIn(detail, reply.json["detail"])


class the_registry(with_service):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = registry()

    def check(self, prefixes):
        self.assertTrue(prefixes)
        for prefix in prefixes:
            self.assertEqual(self.rows(f"/vendors/{prefix}"), self.registry[prefix])

    def chosen(self, keep):
        return [prefix for prefix, rows in self.registry.items() if any(map(keep, rows))]

    def test_has_every_owner_of_a_prefix(self):
        several = [prefix for prefix, rows in self.registry.items() if len(rows) > 1]
        self.assertIn("080030", several)
        self.check(several)

    def test_has_private_entries_without_an_address(self):
        self.check(self.chosen(lambda row: row["address"] is None)[:200])

    def test_has_line_breaks_and_commas(self):
        self.check(self.chosen(lambda row: "\n" in (row["address"] or ""))[:200])
        self.check(self.chosen(lambda row: "," in row["name"])[:200])

    def test_has_quotes(self):
        self.check(self.chosen(lambda row: '"' in row["name"]))

    def test_has_names_of_all_alphabets(self):
        self.check(self.chosen(lambda row: not row["name"].isascii()))

    def test_has_a_sample_of_everything(self):
        self.check(list(self.registry)[::97])

    def test_takes_a_prefix_in_either_case(self):
        self.assertEqual(self.rows("/vendors/b827eb"), self.registry["B827EB"])

    def test_has_no_such_prefix(self):
        for prefix in ("08003", "zzzzzz", "0800300", "%20", "'"):
            self.refused(self.get(f"/vendors/{prefix}"), 404, "nothing matches")

    def test_finds_by_part_of_a_name(self):
        rows = self.rows("/vendors?name=raspberry&limit=1000")
        expected = [row for rows in self.registry.values() for row in rows
                    if "raspberry" in row["name"].lower()]
        self.assertCountEqual(rows, expected)
        self.assertEqual(len(self.rows("/vendors?name=e&limit=7")), 7)
        self.assertEqual(len(self.rows("/vendors?name=e")), 100)
        self.refused(self.get("/vendors?name=no%20such%20vendor"), 404, "nothing matches")
        self.assertTrue(self.rows("/vendors?name=" + quote("РОНЕКС")))

    def test_sends_a_large_answer_whole(self):
        rows = self.rows("/vendors?name=e&limit=1000")
        self.assertEqual(len(rows), 1000)

    def test_looks_up_a_mac_in_every_usual_spelling(self):
        for mac in ("00:1b:63:84:45:e6", "001B.6384.45E6", "00-1B-63-84-45-E6", "001b638445e6",
                    "00:1B:63:84:45:E6", "001b63-8445e6"):
            self.assertEqual(self.rows(f"/lookup/{mac}"), self.registry["001B63"], mac)

    def test_looks_up_the_longest_prefix(self):
        longest = next(prefix for prefix in self.registry if len(prefix) == 9)
        self.assertEqual(self.rows(f"/lookup/{longest}000"), self.registry[longest])

    def test_looks_up_no_mac(self):
        for mac in ("00:1b:63", "zz:1b:63:84:45:e6", "00:1b:63:84:45:e6:00", "x"):
            self.refused(self.get(f"/lookup/{mac}"), 404, "nothing matches")


class the_sightings(with_service):
    def add(self, body, headers=None):
        return self.ask("POST", "/sightings", body, headers)

    def test_are_read_back_where_they_are_said_to_be(self):
        added = self.add({"mac": "00:1b:63:84:45:e6", "place": "Küche \"2\""})
        self.assertEqual(added.status, 201, added.body)
        row = added.json
        self.assertEqual(added.headers["Location"], f"/sightings/{row['id']}")
        found = self.get(added.headers["Location"])
        self.assertEqual(found.status, 200)
        self.assertEqual(found.json, {**row, "vendor": "Apple, Inc."})
        self.assertEqual((row["mac"], row["place"]), ("00:1B:63:84:45:E6", "Küche \"2\""))
        self.assertIn(found.json, self.rows("/sightings?mac=001B.6384.45E6"))

    def test_are_there_or_not(self):
        self.refused(self.get("/sightings/999999"), 404, "nothing matches")
        self.assertEqual(self.rows("/sightings?mac=00:00:00:00:00:00"), [])

    def test_name_the_parameter_that_is_wrong(self):
        place = {"place": "x"}
        mac = {"mac": "00:1b:63:84:45:e6"}
        self.refused(self.add({"mac": "x", **place}), 400, "mac must match")
        self.refused(self.add({"mac": 7, **place}), 400, "mac must be a text")
        self.refused(self.add(place), 400, "mac is missing")
        self.refused(self.add(mac), 400, "place is missing")
        self.refused(self.add({"place": "x" * 201, **mac}), 400, "place must be no longer than 200")
        self.refused(self.add({**mac, **place, "plaec": 1}), 400, "there is no parameter plaec")
        self.refused(self.add({**mac, "place": {"a": 1}}), 400, "place must be a text")
        self.refused(self.get("/sightings/x"), 400, "id must be an integer")
        self.refused(self.get("/sightings/0"), 400, "id must be at least 1")
        self.refused(self.get("/sightings?mac=x&limit=1001"), 400, "limit must be at most 1000")
        self.refused(self.get("/sightings?limit=1"), 400, "mac is missing")
        self.refused(self.get("/sightings?mac=x&mac=y"), 400, "mac is given twice")
        self.refused(self.get("/sightings?mac=%zz"), 400, "%")
        self.refused(self.get("/sightings?mac=%ff"), 400, "mac must be UTF-8")

    def test_need_json(self):
        json_type = {"Content-Type": "application/json"}
        self.refused(self.add(b'{"mac":1,"mac":2}', json_type), 400, "mac")
        self.refused(self.add(b'{"place":"x","place":"y"}', json_type), 400,
                     "place is given twice")
        self.refused(self.add(b'{"mac":', json_type), 400, "JSON")
        self.refused(self.add(b"[]", json_type), 400, "must be an object")
        deep = b'{"mac":' + b"[" * 40 + b"]" * 40 + b"}"
        self.refused(self.add(deep, json_type), 400, "deep")
        self.refused(self.add(b"", json_type), 400, "is missing")
        self.refused(self.add(b"[" * 10_000, json_type), 400, "")
        self.refused(self.add(b'{"place":"\xff"}', json_type), 400, "UTF-8")

    def test_need_its_media_type(self):
        body = json.dumps({"mac": "00:1b:63:84:45:e6", "place": "x"}).encode()
        for wrong in ({}, {"Content-Type": "text/plain"},
                      {"Content-Type": "application/x-www-form-urlencoded"},
                      {"Content-Type": "application/jsonx"}):
            self.refused(self.add(body, wrong), 415, "application/json")
        right = {"Content-Type": "Application/JSON; charset=utf-8"}
        self.assertEqual(self.add(body, right).status, 201)

    # RFC 9110 section 8.4: what is not decoded is not to be taken for what it says.
    def test_may_not_be_coded(self):
        body = json.dumps({"mac": "00:1b:63:84:45:e6", "place": "coded"}).encode()
        typed = {"Content-Type": "application/json"}
        for sent in (body, gzip.compress(body)):
            reply = self.add(sent, {**typed, "Content-Encoding": "gzip"})
            self.refused(reply, 415, "Content-Encoding")
            self.assertEqual(reply.headers["Accept-Encoding"], "identity")
        plain = self.add(body, {**typed, "Content-Encoding": "identity"})
        self.assertEqual(plain.status, 201)

    def test_may_not_be_of_any_size(self):
        # Refused by its announcement; the connection ends there.
        address = self.service.http
        with socket.create_connection(address, timeout=program.WAIT) as peer:
            peer.sendall(b"POST /sightings HTTP/1.1\r\nHost: x\r\nContent-Type: application/json"
                         b"\r\nContent-Length: 1048577\r\n\r\n")
            self.assertTrue(peer.recv(1000).startswith(b"HTTP/1.1 413 "))

    def test_know_other_methods(self):
        reply = self.ask("DELETE", "/sightings/1")
        self.assertEqual((reply.status, reply.type), (405, PROBLEM))
        self.assertIn("GET", reply.headers["Allow"])
        reply = self.ask("PUT", "/sightings")
        self.assertEqual(reply.status, 405)
        self.assertIn("POST", reply.headers["Allow"])


class a_query(with_service):
    def test_ends_with_a_peer_that_resets(self):
        in_use = 'weir_db_connections{role="reader",state="in_use"}'
        with socket.create_connection(self.service.http, timeout=program.WAIT) as peer:
            peer.sendall(b"GET /slow/%d HTTP/1.1\r\nHost: x\r\n\r\n" % program.ENDLESS)
            self.service.wait_for_metric(in_use, 1)
            program.reset(peer)
        self.service.wait_for_metric(in_use, 0)
        self.assertEqual(
            self.service.metric('weir_http_rejected_total{reason="peer_gone"}'), 1)


class the_index(with_service):
    def test_is_json_for_programs_and_its_examples_work(self):
        reply = self.get("/")
        self.assertEqual((reply.status, reply.type), (200, "application/json"))
        names = []
        for endpoint in reply.json["endpoints"]:
            names.append(endpoint["name"])
            if endpoint["name"] == "slow":
                continue
            example = endpoint["example"]
            answer = self.ask(example["method"], example["target"], example.get("body"))
            self.assertIn(answer.status, (200, 201), endpoint["name"])
        self.assertEqual(names, ["vendor", "vendors", "lookup", "sighting_add", "sightings",
                                 "sighting", "slow"])

    def test_is_html_for_browsers(self):
        reply = self.get("/", {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        self.assertEqual((reply.status, reply.type), (200, "text/html; charset=utf-8"))
        page = reply.body.decode()
        self.assertIn('<a href="/vendors/080030">', page)
        self.assertIn("curl -s -X POST", page)

    def test_answers_head_without_a_body(self):
        reply = self.ask("HEAD", "/vendors/080030")
        self.assertEqual((reply.status, reply.body), (200, b""))
        self.assertGreater(int(reply.headers["Content-Length"]), 100)

    def test_is_nothing_else(self):
        self.assertEqual(self.get("/none").status, 404)


class a_result(unittest.TestCase):
    """What the example has none of: large integers, blobs, texts that are not UTF-8."""

    ENDPOINTS = """
[[endpoint]]
name = "odd"
method = "GET"
path = "/odd"
sql = "select * from odd order by id"
max_rows = 3

[[endpoint]]
name = "large"
method = "GET"
path = "/large"
sql = "select hex(zeroblob(1500000)) as t"
result = "row"

[[endpoint]]
name = "too_large"
method = "GET"
path = "/too_large"
sql = "select replace(hex(zeroblob(1500000)), '0', char(1)) as t"
result = "row"

[[endpoint]]
name = "huge"
method = "GET"
path = "/huge"
sql = "select zeroblob(4200000) as b"
result = "row"
required = true

[[endpoint]]
name = "remove"
method = "DELETE"
path = "/odd/{id}"
params.id = { type = "integer", from = "path" }
sql = "delete from odd where id = :id"
result = "changes"
status = 204
required = true

[[endpoint]]
name = "keep"
method = "POST"
path = "/odd"
params.a = { type = "integer" }
sql = "insert into odd (a) values (:a) returning a"
result = "row"
"""
    LARGE = ("9007199254740993", str(2**63 - 1), str(-2**63))

    @contextlib.contextmanager
    def serving(self, *settings):
        with contextlib.closing(program.place()) as place:
            with contextlib.closing(sqlite3.connect(place.database)) as database:
                database.execute("create table odd (id integer primary key, a)")
            with program.serving(place.example(*settings, endpoints=self.ENDPOINTS)) as service:
                yield service

    def test_may_come_back_as_a_parameter_where_large_integers_are_texts(self):
        with self.serving('json.big_integers = "string"') as service, \
                program.frame_peer(service.frames) as peer:
            for text in self.LARGE:
                body = {"a": int(text)}
                for _ in range(2):
                    reply = program.ask(service.http, "POST", "/odd", body=body)
                    self.assertEqual((reply.status, reply.json), (200, {"a": text}))
                    peer.call(text, "keep", **body)
                    self.assertEqual(peer.receive(), {"id": text, "row": {"a": text}})
                    body = reply.json
            for wrong in ("", "1.0", " 1", "1e3", "9223372036854775808"):
                reply = program.ask(service.http, "POST", "/odd", body={"a": wrong})
                self.assertEqual((reply.status, reply.json["detail"]),
                                 (400, "a must be an integer"))
                peer.call(1, "keep", a=wrong)
                self.assertEqual(peer.receive()["error"]["detail"], "a must be an integer")

    def test_does_not_come_back_as_a_text_where_it_is_a_number(self):
        with self.serving() as service, program.frame_peer(service.frames) as peer:
            for text in self.LARGE:
                reply = program.ask(service.http, "POST", "/odd", body={"a": int(text)})
                self.assertEqual((reply.status, reply.json), (200, {"a": int(text)}))
                reply = program.ask(service.http, "POST", "/odd", body={"a": text})
                self.assertEqual(reply.status, 400)
                peer.call(1, "keep", a=text)
                self.assertEqual(peer.receive()["error"]["code"], "invalid_argument")

    def test_may_be_odd(self):
        with contextlib.closing(program.place()) as place:
            with contextlib.closing(sqlite3.connect(place.database)) as database:
                database.execute("create table odd (id integer primary key, a)")
                database.executemany("insert into odd (a) values (?)",
                                     [(2**63 - 1,), (b"\0\1\2",), (None,), (1.5,)])
                database.execute("update odd set a = cast(x'ff' as text) where id = 3")
                database.commit()
            config = place.example('json.big_integers = "string"', endpoints=self.ENDPOINTS)
            with program.serving(config) as service:
                reply = program.ask(service.http, "GET", "/odd").json
                self.assertTrue(reply["truncated"])
                self.assertEqual(reply["rows"][:2], [{"id": 1, "a": "9223372036854775807"},
                                                     {"id": 2, "a": "AAEC"}])
                self.assertEqual(reply["rows"][2]["error"]["column"], "a")
                self.assertEqual(program.ask(service.http, "GET", "/large").json["t"],
                                 "00" * 1_500_000)
                self.assertEqual(program.ask(service.http, "GET", "/huge").status, 500)
                with program.frame_peer(service.frames) as peer:
                    peer.call(1, "large")
                    self.assertEqual(peer.receive()["row"]["t"], "00" * 1_500_000)
                    peer.call(2, "too_large")
                    self.assertEqual(peer.receive()["error"]["code"], "too_large")
                    peer.call(3, "huge")
                    self.assertEqual(peer.receive()["error"]["code"], "internal")
                for status in (204, 404):
                    self.assertEqual(program.ask(service.http, "DELETE", "/odd/4").status, status)
                self.assertEqual(service.drain(), 0)


if __name__ == "__main__":
    unittest.main()
