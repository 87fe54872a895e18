"""
Which of a person's tasks to remind them of on a day, and under which key each reminder is sent only once.

Pure. The tasks are those of the home page, so that nobody is reminded of what is done.
"""

# A reminder goes out so many days before a task is due; one that was missed goes out on the next day.
DAYS_BEFORE = (1, 7)


def due(tasks, *, today):
    """Return the tasks to remind somebody of as {key: task}; what is late was told before."""
    found = {}
    for task in tasks:
        if task.due_on is None:
            continue
        left = (task.due_on - today).days
        if before := next((days for days in DAYS_BEFORE if 0 <= left <= days), None):
            found.setdefault(reminder_key(task, before), task)
    return found


def reminder_key(task, before):
    """Return what makes a reminder the same: where it leads, the day on which that is due, and how long before."""
    parts = (task.address.route, *task.address.values, task.due_on.isoformat(), before)
    return " ".join(str(part) for part in parts)


def digest_key(today):
    """Return what makes a weekly summary the same: the week."""
    year, week, _ = today.isocalendar()
    return f"digest {year}-W{week:02}"
