"""The stamps of dashboards: one query each, and the first that their pages ask."""

from assessments.models import Assessment
from partnership.models import Place, System
from partnership.prepared import prepared
from partnership.stamps import chains_of, heads, stamp


def of_place(*, public_id):
    """Return the stamp of a place: its system's chain and those of all its assessments."""
    return stamp(_of_place(place=public_id))


@prepared
def _of_place(*, place):
    here = Place.objects.filter(public_id=place)
    assessments = Assessment.objects.filter(place__public_id=place)
    return heads(chains_of(here, "system", "system__public_id") | chains_of(assessments, "assessment"))


def of_system(*, public_id):
    """Return the stamp of a system: its own chain and those of all assessments in it."""
    return stamp(_of_system(system=public_id))


@prepared
def _of_system(*, system):
    here = System.objects.filter(public_id=system)
    assessments = Assessment.objects.filter(system__public_id=system)
    return heads(chains_of(here, "system") | chains_of(assessments, "assessment"))
