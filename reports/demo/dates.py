"""When the demo's acts happen: as its files say, moved by whole weeks so that the demo is never out of date."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# The Monday of the week that the files were written for: whoever loads the demo finds it as in that week.
WRITTEN_FOR = date(2026, 11, 23)
LONDON = ZoneInfo("Europe/London")
SEASONS = {12: "Winter", 1: "Winter", 2: "Spring", 3: "Spring", 4: "Spring", 5: "Spring"} | {
    month: "Summer" if month < 9 else "Autumn" for month in range(6, 12)
}


@dataclass(frozen=True)
class Dates:
    """Turns the files' days into the demo's; `weeks` is by how much they are moved."""

    weeks: int

    @classmethod
    def as_of(cls, today):
        return cls(weeks=max(0, (today - WRITTEN_FOR).days // 7))

    def day(self, written):
        """Return the day that stands for one in the files; None stays None."""
        return written and written + timedelta(weeks=self.weeks)

    def at(self, written, hour=10, minute=0):
        """Return an instant on the day that stands for one in the files, at a time of the day in London."""
        return datetime.combine(self.day(written), time(hour, minute), LONDON).astimezone(UTC)

    def season(self, written):
        """Name the season in which a round opens, such as "Spring 2026" or "Winter 2026 to 2027"."""
        day = self.day(written)
        if SEASONS[day.month] != "Winter":
            return f"{SEASONS[day.month]} {day.year}"
        begins = day.year if day.month == 12 else day.year - 1
        return f"Winter {begins} to {begins + 1}"
