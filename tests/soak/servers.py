"""Real servers for the soak tests: the web server, the worker and a mail server, on the test run's database."""

import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from contextlib import suppress
from email import message_from_bytes
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class _Session(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs that wants no encryption: it takes every mail."""

    def handle(self):
        self.say(220, "ready")
        to = []
        while line := self.rfile.readline():
            words = line.decode().strip()
            verb = words[:4].upper()
            if verb == "DATA":
                self.say(354, "go on")
                message = message_from_bytes(b"".join(iter(self.rfile.readline, b".\r\n")))
                # The sender may be killed before it reads the answer: the mail is out all the same.
                self.server.took(message, to)
                to = []
            elif verb == "RCPT":
                to.append(words)
            self.say(221 if verb == "QUIT" else 250, "done")
            if verb == "QUIT":
                return

    def say(self, code, words):
        try:
            self.wfile.write(f"{code} {words}\r\n".encode())
        except OSError:
            return


class MailServer(socketserver.ThreadingTCPServer):
    """Takes every mail; `taken` holds the Message-IDs that came for each address, once for each time they came."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Session)
        self.taken, self._lock = defaultdict(list), threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def took(self, message, to):
        with self._lock:
            self.taken[message["To"]].append(message["Message-ID"])

    def handle_error(self, request, client_address):
        """Say nothing where a sender was killed in the middle of a word."""


class Servers:
    """A web server with two processes and a worker, each of which may be killed and started again."""

    def __init__(self, *, mail_port, log):
        self.port, self.log = free_port(), log
        self.url = f"http://127.0.0.1:{self.port}"
        self.web = self.worker = None
        database = connection.settings_dict
        if connection.vendor == "sqlite":
            url = f"sqlite:///{database['NAME']}"
        else:
            url = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{database['NAME']}"
        self.environment = os.environ | {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "tests.soak.settings",
            "PORTAL_TESTS_DIR": str(settings.TESTS_DIR),
            "SOAK_SMTP_PORT": str(mail_port),
            "BASE_URL": self.url,
        }

    def start(self):
        self.start_web()
        self.start_worker()
        self.wait_until_it_answers()

    def start_web(self):
        self.web = self._run(
            ["-m", "gunicorn", "partnership.wsgi", "--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread"]
            + ["--workers", "2", "--threads", "4", "--no-control-socket", "--log-level", "critical"]
        )

    def start_worker(self):
        self.worker = self._run(["manage.py", "work"])

    def _run(self, arguments):
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def wait_until_it_answers(self):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until:
            try:
                opener.open(f"{self.url}/health", timeout=SECONDS_TO_START).close()
                return
            except (OSError, urllib.error.HTTPError):
                time.sleep(0.05)
        raise AssertionError("the web server did not start")

    def web_processes(self):
        """Return the process ids of the web server's processes, without the one that watches over them."""
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children")
        return [int(pid) for pid in children.read_text().split()] if children.exists() else []

    def kill_one_web_process(self, chance):
        """Kill one process of the web server, with all requests in its hands; the server starts another."""
        if pids := self.web_processes():
            os.kill(chance.choice(pids), signal.SIGKILL)

    def kill_web(self):
        """Kill the whole web server at once, and start it again."""
        _kill(self.web)
        self.start_web()

    def kill_worker(self):
        _kill(self.worker)
        self.start_worker()

    def end_worker(self):
        _kill(self.worker)
        self.worker = None

    def stop(self):
        for process in (self.web, self.worker):
            if process:
                _kill(process)


def _kill(process):
    """Kill a process with all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
