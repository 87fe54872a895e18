"""The forms that close places, and open one again."""

from uuid import uuid4

from django import forms
from django.utils import timezone

from partnership.fields import DateField, looks
from partnership.models import Membership, Organisation, Place

REASON_MAX = 1000


def reason_field(help_text):
    field = forms.CharField(
        label="Why?",
        help_text=help_text,
        max_length=REASON_MAX,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say why"},
    )
    return looks(field, count=True)


class CloseForm(forms.Form):
    """Which places of a system close, when and why, and what they become part of."""

    places = forms.ModelMultipleChoiceField(
        label="Places that close",
        queryset=Place.objects.none(),
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one place",
            "invalid_choice": "Choose open places of this system",
            "invalid_pk_value": "Choose open places of this system",
        },
    )
    successor = forms.ModelChoiceField(
        label="Do they become part of another place?",
        queryset=Place.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label="No",
        error_messages={"invalid_choice": "Choose an open place of this system"},
    )
    closed_on = DateField(
        label="Closed on",
        subject="the day of closing",
        help_text="The first day on which it is closed: today, or a day that is past.",
    )
    reason = reason_field("Everybody who may read what the place did can read it.")

    def __init__(self, *args, system, **kwargs):
        super().__init__(*args, **kwargs)
        here = Place.objects.filter(system=system, ended_on=None).order_by("name")
        for name in ("places", "successor"):
            self.fields[name].queryset = here

    def clean_closed_on(self):
        day = self.cleaned_data["closed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("A place is closed on the day or afterwards: the day must be today or past")
        return day

    @property
    def asked(self):
        """What closing takes, but for the reason."""
        return {name: self.cleaned_data[name] for name in ("successor", "closed_on")} | {
            "places": list(self.cleaned_data["places"])
        }

    def as_sent(self):
        """Yield the names and values by which a browser sends what was typed, for the form that confirms it."""
        values = self.cleaned_data
        yield from (("places", str(place.public_id)) for place in values["places"])
        yield "successor", str(values["successor"].public_id) if values["successor"] else ""
        for part in ("day", "month", "year"):
            yield f"closed_on_{part}", str(getattr(values["closed_on"], part))
        yield "reason", values["reason"]


class People(forms.ModelMultipleChoiceField):
    def label_from_instance(self, membership):
        role = membership.get_role_display()
        return f"{membership.user.name}: {role}, {membership.organisation.name} ({membership.place.name})"


class ConfirmClosingForm(forms.Form):
    """
    Who goes on at the successor, if there is one, and the word that what was shown is to be done.

    Everybody goes on unless somebody says otherwise.
    """

    memberships = looks(
        People(
            label="Whose part goes on?",
            queryset=Membership.objects.none(),
            to_field_name="public_id",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text="In the same role. The part of whoever is not ticked ends.",
        ),
        small=True,
    )
    organisations = looks(
        forms.ModelMultipleChoiceField(
            label="Which organisations go on as partners?",
            queryset=Organisation.objects.none(),
            to_field_name="public_id",
            required=False,
            widget=forms.CheckboxSelectMultiple,
        ),
        small=True,
    )
    shown = forms.CharField(widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args, closing, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["shown"].initial = closing.digest
        going = {"memberships": closing.memberships, "organisations": closing.organisations}
        for name, rows in going.items():
            if not (closing.successor and rows):
                del self.fields[name]
                continue
            field, keys = self.fields[name], [row.pk for row in rows]
            field.queryset = field.queryset.model.objects.filter(pk__in=keys)
            field.initial = [row.public_id for row in rows]
        if "memberships" in self.fields:
            people = self.fields["memberships"]
            people.queryset = people.queryset.select_related("user", "organisation", "place").order_by(
                "place__name", "user__name", "pk"
            )
        if "organisations" in self.fields:
            partners = self.fields["organisations"]
            partners.queryset = partners.queryset.order_by("name")


class OpenAgainForm(forms.Form):
    """Opens a place again that was closed by mistake."""

    reason = reason_field("Everybody who may read what the place did can read it.")
    based_on = forms.IntegerField(widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
