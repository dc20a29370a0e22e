"""Who may call over HTTP and over frames, and that no secret is ever told."""

import concurrent.futures
import json
import os
import re
import socket
import unittest

import program

OLD = "old-0123456789abcdef"
NEW = "new+0123456789/abcdef=="
SIGHTING = {"mac": "00:1b:63:84:45:e6", "place": "desk"}
ENVIRONMENT = {"OLD_TOKEN": OLD}


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


class with_place(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = program.place()
        token = cls.place.write("new.token", NEW + "\n")
        token.chmod(0o600)
        program.give_to_nobody(token)

    @classmethod
    def tearDownClass(cls):
        cls.place.close()

    def config(self, *http):
        """The example's, with these lines in its [http]."""
        text = self.place.example().read_text()
        return self.place.write("weir.toml", text.replace("[http]\n", "\n".join(["[http]", *http])
                                                          + "\n"))

    def serving(self, *http):
        return program.serving(self.config(*http), environment=ENVIRONMENT)

    TOKENS = ('auth.tokens.old = "${OLD_TOKEN}"', 'auth.tokens_file.new = "new.token"')


class a_listener_with_tokens(with_place):
    def refused(self, reply, challenge):
        self.assertEqual((reply.status, reply.type), (401, "application/problem+json"), reply.body)
        self.assertEqual(reply.headers["WWW-Authenticate"], challenge)

    def test_asks_everybody_for_one_of_them(self):
        with self.serving(*self.TOKENS) as service:
            for method, target, body in (("GET", "/", None), ("GET", "/vendors/080030", None),
                                         ("HEAD", "/vendors/080030", None),
                                         ("POST", "/sightings", SIGHTING)):
                ask = lambda headers: program.ask(service.http, method, target, body=body,
                                                  headers=headers)
                if method != "HEAD":
                    self.refused(ask({}), "Bearer")
                    for wrong in (bearer("x"), bearer(OLD + "x"), bearer(OLD[:-1]), bearer(""),
                                  {"Authorization": f"Basic {OLD}"}, {"Authorization": OLD}):
                        self.refused(ask(wrong), 'Bearer error="invalid_token"')
                for right in (OLD, NEW):
                    self.assertIn(ask(bearer(right)).status, (200, 201), target)
            # Before anything is said about the request itself.
            self.refused(program.ask(service.http, "POST", "/sightings", body=b"{"), "Bearer")
            self.assertEqual(service.drain(), 0)

    def test_may_leave_reads_open(self):
        with self.serving('auth.reads = "open"', *self.TOKENS) as service:
            self.assertEqual(program.ask(service.http, "GET", "/").status, 200)
            self.assertEqual(program.ask(service.http, "GET", "/vendors/080030").status, 200)
            self.refused(program.ask(service.http, "POST", "/sightings", body=SIGHTING), "Bearer")
            added = program.ask(service.http, "POST", "/sightings", body=SIGHTING,
                                headers=bearer(NEW))
            self.assertEqual(added.status, 201)

    def test_tells_no_token_anywhere(self):
        config = self.config(*self.TOKENS, "")
        config.write_text('log.level = "debug"\n' + config.read_text())
        with program.serving(config, environment=ENVIRONMENT) as service:
            texts = [program.ask(service.http, "GET", "/", headers={**bearer(OLD), "Accept": kind})
                     .body.decode() for kind in ("text/html", "application/json")]
            self.assertIn("Authorization: Bearer $TOKEN", texts[0])
            for page in ("/", "/metrics", "/healthz", "/readyz", "/debug/connections",
                         "/debug/tasks", "/debug/log-level", "/debug/connections/1/wire"):
                texts.append(program.ask(service.admin, "GET", page).body.decode())
            program.ask(service.http, "GET", "/vendors/080030", headers=bearer(OLD + "x"))
            program.ask(service.http, "GET", f"/none/{NEW}", headers=bearer(NEW))
            self.assertEqual(texts[-2], "debug\n")
            self.assertEqual(service.drain(), 0)
            texts += service.log
        for text in texts:
            self.assertNotIn(OLD, text)
            self.assertNotIn(NEW, text)

    def test_shows_stars_in_a_check(self):
        ended = program.run("check", self.config(*self.TOKENS),
                            env={**os.environ, **ENVIRONMENT})
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn('auth.tokens.old = "***"\n', ended.stdout)
        self.assertIn('auth.tokens_file.new = "new.token"\n', ended.stdout)
        for secret in (OLD, NEW):
            self.assertNotIn(secret, ended.stdout + ended.stderr)


class frames_with_tokens(with_place):
    """Of the example with its sightings, whose reads may be open."""

    def serving_frames(self, *settings):
        text = self.place.example().read_text()
        return program.serving(
            self.place.write("weir.toml", text.replace(
                "[frames]\n", "\n".join(["[frames]", *settings, ""]))), environment=ENVIRONMENT)

    def refused(self, service, **said):
        with program.frame_peer(service.frames, greet=False) as peer:
            answer = peer.greet(**said)
            self.assertEqual((answer["id"], answer["error"]["code"]), (None, "permission_denied"))
            self.assertIsNone(peer.receive())

    def test_begin_with_one_of_them(self):
        with self.serving_frames(*self.TOKENS) as service:
            self.refused(service)
            for wrong in ("x", OLD + "x", OLD[:-1], "", f"Bearer {OLD}"):
                self.refused(service, token=wrong)
            for right in (OLD, NEW):
                with program.frame_peer(service.frames, token=right) as peer:
                    peer.call(1, "vendor", prefix="080030")
                    self.assertIn("rows", peer.receive())
            self.assertEqual(service.metric("weir_frame_refused_hellos_total"), 6)
            # HTTP has none of its own.
            self.assertEqual(program.ask(service.http, "GET", "/vendors/080030").status, 200)
            self.assertEqual(service.drain(), 0)
            self.assertFalse([line for line in service.log if OLD in line or NEW in line])

    def test_may_be_read_without(self):
        with self.serving_frames('auth.reads = "open"', *self.TOKENS) as service:
            self.refused(service, token=OLD + "x")
            with program.frame_peer(service.frames) as peer:
                peer.call(1, "vendor", prefix="080030")
                self.assertIn("rows", peer.receive())
                peer.call(2, "sighting_add", **SIGHTING)
                self.assertEqual(peer.receive()["error"]["code"], "permission_denied")
            with program.frame_peer(service.frames, token=NEW) as peer:
                peer.call(1, "sighting_add", **SIGHTING)
                self.assertIn("row", peer.receive())

    def call(self, service, *words, **environment):
        to = f"127.0.0.1:{service.frames[1]}"
        return program.run("call", *words, "--to", to, env={**os.environ, **environment},
                           input=f'{json.dumps(SIGHTING)}\n')

    def test_are_called_with_a_file_or_with_the_environment(self):
        file = ("--token-file", self.place.folder / "new.token")
        call = ("vendor", "prefix=080030")
        with self.serving_frames(*self.TOKENS) as service:
            for ended in (self.call(service, *call, *file),
                          self.call(service, *call, WEIR_TOKEN=OLD),
                          self.call(service, "ingest", *file)):
                self.assertEqual(ended.returncode, 0, ended.stderr)
            for words in (call, ("ingest",)):
                ended = self.call(service, *words, WEIR_TOKEN=OLD + "x")
                self.assertEqual(ended.returncode, 1, ended.stderr)
                self.assertIn("the token is not known here", ended.stderr)
                self.assertNotIn(OLD, ended.stdout + ended.stderr)
            ended = self.call(service, *call, "--token-file", "/none")
            self.assertEqual(ended.returncode, 2)
            self.assertIn("/none cannot be read", ended.stderr)

    def load(self, service, **environment):
        to = f"127.0.0.1:{service.frames[1]}"
        return program.run("load", "--frames", "-c", "2", "-d", "200ms", "--warm-up", "0s", to,
                           "vendor", "prefix=080030", "--json", "-",
                           env={**os.environ, **environment})

    def test_are_loaded_with_one_of_them(self):
        with self.serving_frames(*self.TOKENS) as service:
            ended = self.load(service, WEIR_TOKEN=OLD)
            self.assertEqual(ended.returncode, 0, ended.stderr)
            ended = self.load(service)
            self.assertEqual(ended.returncode, 1, ended.stderr)
            errors = json.loads(ended.stdout)["errors"]
            self.assertEqual(errors["total"], errors["permission_denied"])
            # It is no flood of connections.
            self.assertLess(errors["total"], 20)


class a_wire_trace(with_place):
    """Where it is allowed, of a connection whose token comes in pieces."""

    def traced(self, listener, *pieces):
        """All bytes that are shown of a connection to it, on which the peer says this."""
        text = self.place.example().read_text()
        auth = "\n".join(self.TOKENS)
        text = text.replace(f"[{listener}]\n", f"[{listener}]\n{auth}\n")
        text = text.replace("[admin]\n", "[admin]\nwire_traces = true\n")
        config = self.place.write("weir.toml", text)
        with program.serving(config, environment=ENVIRONMENT) as service, \
                socket.create_connection(getattr(service, listener), program.WAIT) as peer, \
                concurrent.futures.ThreadPoolExecutor() as beside:
            received = 0
            tracing = None
            for piece in pieces:
                peer.sendall(piece)
                received += len(piece)
                self.wait_for(service, listener, received_bytes=received)
                if not tracing:
                    id = self.wait_for(service, listener)["id"]
                    page = f"/debug/connections/{id}/wire?seconds=20"
                    tracing = beside.submit(program.ask, service.admin, "GET", page)
                    self.wait_for(service, listener, traced=True)
            peer.shutdown(socket.SHUT_WR)
            while peer.recv(65536):
                pass
            shown = tracing.result(program.WAIT).body.decode()
        lines = re.findall(r"^[0-9a-f]{4}: ((?:[0-9a-f]{2} )+)", shown, re.MULTILINE)
        return bytes.fromhex("".join(lines)).decode("latin-1")

    def wait_for(self, service, protocol, **wanted):
        """The listed connection of this protocol, when it is like this."""
        def found():
            page = program.ask(service.admin, "GET", "/debug/connections").body
            return [each for each in json.loads(page)["connections"]
                    if each["protocol"] == protocol and wanted.items() <= each.items()]
        program.wait_until(found, f"{protocol} {wanted}")
        return found()[0]

    def test_shows_stars_in_place_of_what_a_request_is_authorized_by(self):
        told = self.traced("http", b"GET /vendors/080030 HTTP/1.1\r\nAuthori",
                              b"zation: Bearer " + OLD[:9].encode(),
                              OLD[9:].encode() + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.assertIn("zation:" + "*" * (len(OLD) + 8) + "\r\nHost: x\r\n", told)
        self.assertIn("CERN", told, "the token was good")

    def test_shows_stars_in_place_of_a_hellos_token(self):
        hello = program.frame(json.dumps({"hello": {"protocol": "weir", "version": 1,
                                                    "token": NEW}}).encode())
        call = program.frame(b'{"id":1,"call":"vendor","params":{"prefix":"080030"}}')
        half = hello.index(NEW.encode()) + 7
        told = self.traced("frames", hello[:half], hello[half:], call)
        self.assertTrue(told.startswith("*" * (len(NEW) - 7) + '"}}'), told)
        self.assertIn("CERN", told, "the token was good")


class a_listener_off_loopback(with_place):
    def listen_everywhere(self, *http):
        config = self.config(*http)
        text = config.read_text()
        return self.place.write("weir.toml", text.replace('listen = "127.0.0.1:0"',
                                                          'listen = "0.0.0.0:0"', 1))

    def test_offers_no_write_to_just_anyone(self):
        config = self.listen_everywhere()
        ended = program.run("serve", config)
        self.assertEqual(ended.returncode, 2)
        self.assertIn("http.listen: offers a write (sighting_add) off loopback: that needs auth",
                      ended.stderr)

    def test_offers_writes_with_tokens_and_says_that_they_can_be_read_on_the_way(self):
        config = self.listen_everywhere(*self.TOKENS)
        with program.serving(config, environment=ENVIRONMENT) as service:
            at = ("127.0.0.1", service.http[1])
            self.assertEqual(program.ask(at, "POST", "/sightings", body=SIGHTING).status, 401)
            self.assertTrue(any("tokens cross the network" in line for line in service.log))
            self.assertEqual(service.drain(), 0)

    def test_offers_writes_to_anyone_when_it_is_told_to(self):
        with program.serving(self.listen_everywhere("public = true")) as service:
            at = ("127.0.0.1", service.http[1])
            self.assertEqual(program.ask(at, "POST", "/sightings", body=SIGHTING).status, 201)


class the_admin_pages(with_place):
    def serving_admin(self, *admin):
        text = self.place.example().read_text()
        lines = ("[admin]", 'listen = "0.0.0.0:0"', *admin)
        text = re.sub(r'\[admin\]\nlisten = "[^"]*"', "\n".join(lines), text)
        return self.place.write("weir.toml", text)

    def statuses(self, address, token=None):
        """Of a page that tells, one that shows what a connection carries, and one that writes."""
        headers = bearer(token) if token else {}
        asked = (("GET", "/metrics", None), ("GET", "/debug/connections/1/wire", None),
                 ("PUT", "/debug/log-level", b"info"))
        return [program.ask(address, method, target, body=body, headers=headers).status
                for method, target, body in asked]

    def test_are_not_for_just_anyone_off_loopback(self):
        ended = program.run("serve", self.serving_admin())
        self.assertEqual(ended.returncode, 2)
        self.assertIn("admin.listen: offers a write (PUT /debug/log-level) off loopback",
                      ended.stderr)

    def test_ask_for_a_token(self):
        with program.serving(self.serving_admin(*self.TOKENS), environment=ENVIRONMENT) as service:
            at = ("127.0.0.1", service.admin[1])
            for wrong in (None, OLD + "x"):
                self.assertEqual(self.statuses(at, wrong), [401] * 3)
            # It is known, and traces are not allowed.
            self.assertEqual(self.statuses(at, NEW), [200, 403, 200])
            self.assertTrue(any("admin.auth: tokens cross" in line for line in service.log))

    def test_may_be_read_without_one_but_for_what_connections_carry(self):
        config = self.serving_admin('auth.reads = "open"', *self.TOKENS)
        with program.serving(config, environment=ENVIRONMENT) as service:
            at = ("127.0.0.1", service.admin[1])
            self.assertEqual(self.statuses(at), [200, 401, 401])
            self.assertEqual(self.statuses(at, OLD), [200, 403, 200])

    def test_are_for_anyone_when_that_is_said(self):
        with program.serving(self.serving_admin("public = true")) as service:
            self.assertEqual(self.statuses(("127.0.0.1", service.admin[1])), [200, 403, 200])

    def test_answer_to_this_machines_names_and_to_those_they_are_given(self):
        text = self.place.example().read_text()
        config = self.place.write("weir.toml", text.replace(
            "[admin]\n", '[admin]\nhosts = ["metrics.lan"]\n'))
        with program.serving(config) as service:
            for host, status in (("localhost", 200), ("metrics.lan:9", 200), ("evil.lan", 421)):
                for page in ("/", "/metrics", "/healthz", "/readyz"):
                    reply = program.ask(service.admin, "GET", page, headers={"Host": host})
                    self.assertEqual(reply.status, status, (host, page))


if __name__ == "__main__":
    unittest.main()
