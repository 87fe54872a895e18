"""The portal under gunicorn as production runs it, on a database of the benchmark's own."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from tests.bench.clients import HOST, Client

ROOT = Path(__file__).resolve().parents[2]
# As docs/running.md says it for two cores.
WORKERS, THREADS = 3, 4
SECONDS_TO_START = 60


def environment(folder):
    """Return what the portal's processes find in their environment: everything that they write is in the folder."""
    return {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "SECRET_KEY": "of-the-benchmark-alone-" + "x" * 40,
        "ALLOWED_HOSTS": HOST,
        "BASE_URL": f"http://{HOST}",
        "MAIL_FROM": "bench@people.example",
        "FILES_DIR": f"{folder}/files",
        "BENCH_STATIC": f"{folder}/static",
        "PORTAL_DEMO": "",
    }


class Portal:
    """A running portal: where it listens, how long it took to the first answer, and its processes."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port = probe.getsockname()[1]
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "partnership.wsgi", "--bind", f"{HOST}:{self.port}"]
            + ["--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS)]
            + ["--no-control-socket", "--log-level", "warning"],
            cwd=ROOT,
            start_new_session=True,
        )
        self.started = self._wait(begun)

    def _wait(self, begun):
        client = Client(self.port, "")
        while time.perf_counter() < begun + SECONDS_TO_START and self.process.poll() is None:
            try:
                if client.get("/health").status == 200:
                    client.close()
                    return time.perf_counter() - begun
            except OSError:
                time.sleep(0.02)
        raise SystemExit("The portal did not start; its own words are above.")

    def memory(self):
        """Return the most memory that one of its web processes holds now, in bytes; None where the system tells not."""
        found = []
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                told = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            except OSError:
                continue
            if int(told["PPid"]) == self.process.pid:
                found.append(int(told["VmRSS"].split()[0]) * 1024)
        return max(found, default=None)

    def stop(self):
        self.process.terminate()
        self.process.wait()


@contextmanager
def serving():
    portal = Portal()
    try:
        yield portal
    finally:
        portal.stop()


def processor_time():
    """Return the processor time of this process and of all that it waited for, in seconds."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system
