"""The worker's loop."""

import signal
import time

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from partnership import daily, worker

SECONDS_BETWEEN_GLANCES = 1
SECONDS_AFTER_TROUBLE = 5


class Command(BaseCommand):
    help = "Send due mail and do due jobs, until told to stop (SIGTERM or Ctrl-C); the work in hand is finished first."
    queued_for = None

    cleared_at = None

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")

    def handle(self, *, once, **options):
        if once:
            self.queue_daily()
            while sentence := worker.do_next(clock=timezone.now):
                self.say(sentence)
            worker.clear(at=timezone.now())
            return
        self.stopping = False
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self.stop)
        self.say("The worker is waiting for work.")
        while not self.stopping:
            pause = self.turn()
            if not self.stopping:
                time.sleep(pause)
        self.say("The worker has stopped.")

    def stop(self, signum, frame):
        self.stopping = True

    def turn(self):
        """Do one piece of work, if any is due, and return how many seconds to wait before the next."""
        close_old_connections()
        try:
            self.queue_daily()
            sentence = worker.do_next(clock=timezone.now)
            if sentence is None:
                self.clear(at=timezone.now())
        except (DatabaseError, InterfaceError) as error:
            connection.close()
            self.say(f"The database does not answer ({error}); the worker tries again in {SECONDS_AFTER_TROUBLE} s.")
            return SECONDS_AFTER_TROUBLE
        if sentence is None:
            return SECONDS_BETWEEN_GLANCES
        self.say(sentence)
        return 0

    def queue_daily(self):
        """Queue the day's jobs at the first glance of each day."""
        at = timezone.now()
        if self.queued_for != timezone.localdate(at):
            daily.enqueue_all(at=at)
            self.queued_for = timezone.localdate(at)

    def clear(self, *, at):
        """Clear away what is old, once an hour, while there is no work."""
        if self.cleared_at is None or at - self.cleared_at >= worker.BETWEEN_CLEARINGS:
            worker.clear(at=at)
            self.cleared_at = at

    def say(self, sentence):
        self.stdout.write(" ".join(sentence.split()))
        self.stdout.flush()
