"""
A small load generator: some clients, each a thread with a connection and a session of its own, for some seconds.

It talks to this machine alone. What it costs itself is the same for the portal's pages and for the reference views,
which share the machine with it alike.
"""

import json
import socket
import statistics
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlencode

SECRET = "b" * 32
HOST = "127.0.0.1"
PATIENCE = 60


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers by lower-case name, and the body."""

    status: int
    headers: dict
    body: bytes

    def json(self):
        return json.loads(self.body)


class Client:
    """One person's browser, as far as the server can tell: `session` is the cookie that they signed in with."""

    def __init__(self, port, session):
        self.port, self.session, self.stream = port, session, None

    def get(self, path, **headers):
        return self._ask("GET", path, headers)

    def post(self, path, values=None, **headers):
        return self._ask("POST", path, {"X-CSRFToken": SECRET} | headers, urlencode(values or {}).encode())

    def _ask(self, method, path, headers, body=b""):
        lines = {
            "Host": HOST,
            "Cookie": f"sessionid={self.session}; csrftoken={SECRET}",
            "Accept-Encoding": "gzip",
        } | headers
        if method == "POST":
            lines |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": len(body)}
        said = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        sent = f"{method} {path} HTTP/1.1\r\n{said}\r\n".encode() + body
        # The server may have ended an idle connection; what it never began to answer is sent once more.
        for is_last in (self.stream is None, True):
            try:
                if self.stream is None:
                    self.connect()
                self.stream.write(sent)
                self.stream.flush()
                if status := self.stream.readline():
                    return self._read(status)
            except OSError:
                pass
            self.close()
            if is_last:
                raise ConnectionError(f"{method} {path} was not answered")
        return None

    def _read(self, status):
        headers = {}
        while (line := self.stream.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        body = self._body(headers)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(int(status.split()[1]), headers, body)

    def _body(self, headers):
        if "content-length" in headers:
            return self.stream.read(int(headers["content-length"]))
        if headers.get("transfer-encoding") != "chunked":
            return b""
        parts = []
        while size := int(self.stream.readline(), 16):
            parts.append(self.stream.read(size))
            self.stream.readline()
        self.stream.readline()
        return b"".join(parts)

    def connect(self):
        connection = socket.create_connection((HOST, self.port), timeout=PATIENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = connection.makefile("rwb")
        connection.close()

    def close(self):
        if self.stream is not None:
            self.stream.close()
            self.stream = None


@dataclass(frozen=True)
class Driven:
    """What some clients got done: acts a second, and the median time of one in seconds."""

    rate: float
    median: float


def drive(acts, *, seconds):
    """
    Do each of `acts` again and again at once for some seconds, each in a thread of its own; return what was `Driven`.

    :raises Exception: whatever an act raised first; an act that was not answered as it should be raises something
    """
    start, times, failures = threading.Barrier(len(acts) + 1), [], []
    until = None

    def go_on(act):
        start.wait()
        try:
            while not failures and (begun := time.perf_counter()) < until:
                act()
                ended = time.perf_counter()
                # An act that ends after the time was up counts for the part of it that lies before.
                times.append((ended - begun, min(1, (until - begun) / (ended - begun))))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=go_on, args=[act], daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    until = time.perf_counter() + seconds
    start.wait()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return Driven(sum(share for _, share in times) / seconds, statistics.median(each for each, _ in times))
