"""Versions of the garden framework, and rounds over places."""

from datetime import date

from assessments.services import rounds
from frameworks import definition
from frameworks.models import Framework, FrameworkVersion
from frameworks.services import publish_version
from partnership.roles import Role
from tests.recalled import recalled
from tests.unit.frameworks.definitions import garden
from tests.unit.frameworks.garden_versions import account_of

from .people import create_place, create_system, holder
from .usual import AT, numbers


@recalled
def create_framework_version(**changes):
    """
    Return a published version of the garden framework, with some of its definition's top fields replaced.

    Its criteria are SO1, SO2, SO3, PE1, PE2a, PE2b and PE3; its levels 1 to 4. What became of the version before
    follows from codes and words, unless told.
    """
    data = garden(**changes)
    framework, _ = Framework.objects.get_or_create(code=data["code"], defaults={"name": data["name"]})
    before = framework.versions.order_by("-pk").first()
    if before and "changes_from" not in data:
        data["changes_from"] = account_of(definition.parse(data), definition.load(before.definition))
    text = definition.canonical_text(data)
    version = FrameworkVersion.objects.create(
        framework=framework, number=data["number"], definition=text, digest=definition.digest(text)
    )
    publish_version(version=version, by=None, at=AT)
    return version


@recalled
def create_round(*, system=None, places=None, framework_version=None, by=None, name=None, **values):
    """Return a round over `places`, all of `system` unless told; `values` go to `open_round`."""
    if places is None:
        system = system or create_system()
        places = list(system.places.order_by("name")) or [create_place(system=system)]
    garden_version = FrameworkVersion.objects.filter(framework__code="garden").order_by("pk").first
    dates = {
        "opens_on": date(2026, 10, 1),
        "scoring_closes_on": date(2026, 12, 4),
        "signing_closes_on": date(2026, 12, 18),
    }
    return rounds.open_round(
        system=places[0].system,
        framework_version=framework_version or garden_version() or create_framework_version(),
        name=name or f"Round {next(numbers)}",
        places=places,
        by=by or holder(Role.PROGRAMME_OFFICE, places[0]),
        at=AT,
        **dates | values,
    )
