#!/usr/bin/env python3
"""Our HTTP client against other people's servers: Python's http.server and nginx.

    servers_test.py CLIENT ENGINE

Says at its end what it left out because it is not installed.
"""
import contextlib
import functools
import http.server
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

CLIENT, ENGINE = sys.argv[1], sys.argv[2]
LARGE = bytes(range(256)) * 4_000


def body_of(size):
    return (bytes(range(ord("a"), ord("z") + 1)) * (size // 26 + 1))[:size]


@functools.cache
def checksum(body):
    total = 0
    for byte in body:
        total = (total * 31 + byte) & 0xFFFFFFFF
    return total


class client:
    """One process, and so one http::client, for all that a test asks."""

    def __init__(self, test, address):
        self.process = subprocess.Popen([CLIENT, ENGINE, address], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        test.addCleanup(self.end)

    def ask(self, method, target, size=0, how="whole"):
        """What came of it, and how many connections there have been so far."""
        try:
            self.process.stdin.write(f"{method} {target} {size} {how}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        line = self.process.stdout.readline()
        if not line:
            said = self.process.stderr.read()
            if ENGINE == "uring" and re.search(r"\bio_uring[ _]\w[^:\n]*: ", said):
                raise unittest.SkipTest(f"the kernel refuses io_uring: {said}")
            raise AssertionError(f"the client ended on {ENGINE}: {said}")
        told, opened = line.strip().rsplit("; ", 1)
        return told, int(opened)

    def end(self):
        self.process.communicate(timeout=20)


def told(status, body):
    return f"{status} {len(body)} {checksum(body)}"


class handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, body, *fields, status=200):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        if self.path == "/chunks":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for at in range(0, len(LARGE), 100_000):
                part = LARGE[at:at + 100_000]
                self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
            self.wfile.write(b"0\r\nTrailer: t\r\n\r\n")
        elif self.path == "/last":
            self.answer(b"last", ("Connection", "close"))
            self.close_connection = True
        elif self.path == "/none":
            self.send_response(204)
            self.end_headers()
        else:
            self.answer(LARGE if self.path == "/large" else self.path.encode())

    do_HEAD = do_GET

    def do_POST(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(body)


class old_handler(handler):
    """HTTP/1.0: a connection for each request, bodies up to its end."""

    protocol_version = "HTTP/1.0"

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(LARGE)


class of_python(unittest.TestCase):
    def serve(self, how):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), how)
        server.daemon_threads = True
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return client(self, f"localhost:{server.server_port}")

    def test_keeps_its_connection(self):
        asks = self.serve(handler).ask
        for _ in range(3):
            self.assertEqual(asks("GET", "/hello?a=b"), (told(200, b"/hello?a=b"), 1))
            self.assertEqual(asks("GET", "/large"), (told(200, LARGE), 1))
            self.assertEqual(asks("GET", "/chunks"), (told(200, LARGE), 1))
            self.assertEqual(asks("GET", "/none"), (told(204, b""), 1))
            self.assertEqual(asks("HEAD", "/large"), (told(200, b""), 1))
        self.assertEqual(asks("GET", "/last"), (told(200, b"last"), 1))
        self.assertEqual(asks("GET", "/next"), (told(200, b"/next"), 2))

    def test_sends_bodies(self):
        asks = self.serve(handler).ask
        for size in (0, 1, 5_000, 300_000):
            for how in ("whole", "chunked", "expect"):
                self.assertEqual(asks("POST", "/", size, how), (told(200, body_of(size)), 1), how)

    def test_reads_to_the_end_of_the_stream(self):
        asks = self.serve(old_handler).ask
        self.assertEqual(asks("GET", "/"), (told(200, LARGE), 1))
        self.assertEqual(asks("GET", "/"), (told(200, LARGE), 2))


NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{ worker_connections 64; }}
http {{
    access_log off; client_max_body_size 100k; client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s; keepalive_requests 5; keepalive_timeout {idle};
    server {{
        listen 127.0.0.1:{port}; root {folder};
        location = /moved {{ return 301 /file; }}
        location = /post {{ return 200 "posted"; }}
    }}
}}
"""


def free_port():
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as place:
        return place.getsockname()[1]


@unittest.skipUnless(shutil.which("nginx"), "nginx is not installed")
class of_nginx(unittest.TestCase):
    def serve(self, idle="60s"):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        place = pathlib.Path(folder.name)
        place.chmod(0o755)
        (place / "file").write_bytes(LARGE)
        port = free_port()
        (place / "conf").write_text(NGINX.format(folder=place, port=port, idle=idle))
        nginx = subprocess.Popen(["nginx", "-c", place / "conf", "-p", place],
                                 stderr=subprocess.DEVNULL)
        self.addCleanup(nginx.wait)
        self.addCleanup(nginx.terminate)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                return client(self, f"127.0.0.1:{port}")
        raise AssertionError("nginx does not listen")

    def test_keeps_its_connection_as_long_as_it_may(self):
        asks = self.serve().ask
        for at in range(12):
            self.assertEqual(asks("GET", "/file"), (told(200, LARGE), 1 + at // 5))

    def test_takes_other_statuses_as_they_are(self):
        asks = self.serve().ask
        self.assertEqual(asks("GET", "/nowhere")[0].split()[0], "404")
        self.assertEqual(asks("GET", "/moved")[0].split()[0], "301")
        self.assertEqual(asks("HEAD", "/file"), (told(200, b""), 1))
        self.assertEqual(asks("POST", "/post", 50_000), (told(200, b"posted"), 1))
        self.assertEqual(asks("POST", "/post", 50_000, "expect"), (told(200, b"posted"), 1))

    def test_hears_that_its_body_is_refused(self):
        asks = self.serve().ask
        for how in ("whole", "expect"):
            self.assertEqual(asks("POST", "/post", 30_000_000, how)[0].split()[0], "413", how)
        # Answered before it is read: the rest is not sent.
        self.assertEqual(asks("POST", "/post", 30_000_000, "chunked")[0], told(200, b"posted"))

    def test_makes_a_new_connection_where_the_old_one_was_closed(self):
        asks = self.serve(idle="1s").ask
        self.assertEqual(asks("GET", "/file"), (told(200, LARGE), 1))
        time.sleep(2.5)
        self.assertEqual(asks("GET", "/file"), (told(200, LARGE), 2))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
