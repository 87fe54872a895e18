"""Which first steps the portal has: the words that lead somebody in who sees a page for the first time."""

from dataclasses import dataclass, replace

from django.db.models import TextChoices

# Stands in the address where somebody asks for first steps that they have put away.
ASKED = "first-steps"
# The button that puts them away where it belongs to the page's own form, which then arrives with it.
AWAY = "put_away"


class Guide(TextChoices):
    """What each is about; the value is kept beside the people who have put it away."""

    ITEMS = "items", "writing items"
    SCORING = "scoring", "scoring"
    AGREEING = "agreeing", "agreeing"
    SIGNING = "signing", "signing"
    REVIEW = "review", "reviewing"


@dataclass(frozen=True)
class FirstSteps:
    """
    What a page tells those who see it for the first time: points, each a heading with a text; `link` a way on.

    They are `shown` on the page at `path`, or only offered there.
    """

    guide: Guide
    heading: str
    points: tuple[tuple[str, str], ...]
    link: tuple[str, str] | None = None
    shown: bool = True
    path: str = ""


def put_away_with(request):
    """Return which first steps were put away as the page's own form was sent; None for none."""
    sent = request.POST.get(AWAY)
    return Guide(sent) if sent in Guide.values else None


def lead_in(request, first_steps):
    """Return first steps as a page has them: shown until the person puts them away, and whenever they ask for them."""
    is_gone = first_steps.guide.value in {*request.user.guides_put_away.split(), put_away_with(request)}
    return replace(first_steps, shown=not is_gone or ASKED in request.GET, path=request.path)
