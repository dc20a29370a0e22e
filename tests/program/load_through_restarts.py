"""A load that goes on while services come and go, and what it lost."""

import contextlib
import http.client
import threading

import program

GOODBYE = {"goodbye": {"reason": "draining"}}


class load:
    """In threads of its own, from its making to stop(). Every kind of it is seen to be answered."""

    def __init__(self, http_address, frames_address, threads=2):
        self.lost = []
        self.answered = 0
        self._http, self._frames = http_address, frames_address
        self._lock = threading.Lock()
        self._over = threading.Event()
        kinds = (self._short, self._keep_alive, self._calls) if frames_address else (self._short,)
        self._threads = [threading.Thread(target=self._run, args=(kind,))
                         for kind in kinds for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def stop(self):
        self._over.set()
        for thread in self._threads:
            thread.join(program.WAIT)

    def wait_for(self, more):
        wanted = self.answered + more
        program.wait_until(lambda: self.answered >= wanted or self.lost, "the load stands still")

    def _run(self, kind):
        while not self._over.is_set():
            try:
                kind()
            except (OSError, http.client.HTTPException, AssertionError) as error:
                self.lost.append(f"{kind.__name__}: {error!r}")
                return

    def _count(self):
        with self._lock:
            self.answered += 1

    def _ask(self, connection):
        """Whether the connection stays."""
        reply = program.request(connection, "GET", "/vendors/080030")
        assert reply.status == 200 and len(reply.json["rows"]) == 3, (reply.status, reply.body)
        self._count()
        return reply.headers["Connection"] != "close"

    def _short(self):
        connection = http.client.HTTPConnection(*self._http, timeout=program.WAIT)
        with contextlib.closing(connection):
            self._ask(connection)

    def _keep_alive(self):
        connection = http.client.HTTPConnection(*self._http, timeout=program.WAIT)
        with contextlib.closing(connection):
            while self._ask(connection) and not self._over.is_set():
                pass

    def _calls(self):
        with program.frame_peer(self._frames) as peer:
            for id in range(10**9):
                peer.call(id, "vendor", prefix="080030")
                answer = peer.receive()
                leaving = answer == GOODBYE
                if leaving:
                    answer = peer.receive()
                refused = leaving and "error" in answer and answer["error"]["code"] == "unavailable"
                assert answer["id"] == id and (refused or len(answer["rows"]) == 3), answer
                self._count()
                if leaving or self._over.is_set():
                    return
