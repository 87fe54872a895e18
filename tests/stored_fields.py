"""What is stored of an assessment: the models, found by what belongs to what."""

from django.apps import apps

from assessments.models import Assessment, Round
from partnership.models import Place

ROOMS = ("assessments", "improvement", "reports")


def stored_models():
    """Return what is stored of an assessment: all of the upper rooms that hangs on one, and what a place has below."""
    ours = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    below = [model for model in apps.get_app_config("partnership").get_models() if _of_place(model)]
    return [*(model for model in ours if _hangs_on(model, {Assessment, Round, Place})), *below, Place]


def _hangs_on(model, goals, seen=frozenset()):
    """Say whether a row of a model belongs, by foreign keys, to a row of one of the `goals`."""
    if model in goals:
        return True
    targets = {field.related_model for field in model._meta.concrete_fields if field.is_relation} - seen - {model}
    rooms = {*ROOMS, "partnership"}
    return any(_hangs_on(each, goals, seen | {model}) for each in targets if each._meta.app_label in rooms)


def _of_place(model):
    return any(field.related_model is Place for field in model._meta.concrete_fields if field.is_relation)
