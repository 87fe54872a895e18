"""The form that opens a round."""

from collections import Counter
from dataclasses import replace

from django import forms
from django.utils import timezone

from assessments.forms.moves import REASON_MAX
from assessments.models import Round
from frameworks.models import FrameworkVersion
from partnership.fields import DateError, DateField, looks
from partnership.models import Organisation, Partner, Place
from partnership.revising import OnceForm, RevisionForm


class RoundForm(OnceForm):
    framework_version = forms.ModelChoiceField(
        label="Framework version",
        queryset=FrameworkVersion.objects.none(),
        to_field_name="public_id",
        empty_label="Choose a version",
        error_messages={"required": "Choose a framework version", "invalid_choice": "Choose a published version"},
    )
    name = forms.CharField(
        label="Name of the round",
        max_length=100,
        help_text="For example “Autumn 2026”.",
        error_messages={"required": "Enter a name for the round"},
    )
    opens_on = DateField(label="First day", subject="the first day")
    scoring_closes_on = DateField(
        label="Last day of scoring", subject="the last day of scoring", help_text="It ends at midnight in London."
    )
    signing_closes_on = DateField(label="Last day of signing", subject="the last day of signing")
    places = looks(
        forms.ModelMultipleChoiceField(
            label="Places",
            queryset=Place.objects.none(),
            to_field_name="public_id",
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Choose at least one place"},
        ),
        small=True,
    )
    minimum_signatures = looks(
        forms.IntegerField(
            label="Signatures needed at each place",
            min_value=1,
            max_value=100,
            initial=1,
            help_text="How many organisations must sign, at least. A reservation counts, a decline does not.",
            error_messages={
                "required": "Enter how many signatures are needed",
                "invalid": "The signatures needed must be a whole number, such as 4",
                "min_value": "Ask for at least 1 signature",
                "max_value": "Ask for 100 signatures at most",
            },
        ),
        width=3,
    )
    signatories = looks(
        forms.ModelMultipleChoiceField(
            label="Organisations that must sign (optional)",
            queryset=Organisation.objects.none(),
            to_field_name="public_id",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text="Each must sign at every chosen place where it is a partner.",
        ),
        small=True,
        folded=True,
    )
    visibility = looks(
        forms.ChoiceField(
            label="Who reads the result once it is submitted",
            choices=Round.Visibility.choices,
            initial=Round.Visibility.ICB,
            widget=forms.RadioSelect,
            error_messages={"required": "Choose who reads the result"},
        ),
        hints={
            Round.Visibility.PEERS.value: "Other places read the readiness report, nothing else",
            Round.Visibility.PUBLISHED.value: "The summary has a public page: levels by criterion, and how ready",
        },
    )

    def __init__(self, *args, system, **kwargs):
        super().__init__(*args, **kwargs)
        published = FrameworkVersion.objects.filter(publication__isnull=False, retirement=None).select_related(
            "framework"
        )
        self.fields["framework_version"].queryset = published.order_by("framework__name", "-publication__published_at")
        self.fields["framework_version"].label_from_instance = lambda version: (
            f"{version.framework.name} {version.number}"
        )
        self.fields["places"].queryset = Place.objects.filter(system=system, ended_on=None).order_by("name")
        self.partners = list(_present_partners(system))
        self.fields["signatories"].queryset = Organisation.objects.filter(
            pk__in=[partner.organisation_id for partner in self.partners]
        )
        _by_place(self.fields["signatories"], self.partners)

    def clean(self):
        values = super().clean()
        self._check_signatures(values)
        opens, scoring, signing = (values.get(f"{name}_on") for name in ("opens", "scoring_closes", "signing_closes"))
        if opens and scoring and scoring < opens:
            self.add_error("scoring_closes_on", "The last day of scoring must not lie before the first day")
        if scoring and signing and signing < scoring:
            self.add_error("signing_closes_on", "The last day of signing must not lie before the last day of scoring")
        return values

    def _check_signatures(self, values):
        """Refuse more signatures than a place has partners, and an organisation that is a partner of none."""
        chosen = {place.pk: place for place in values.get("places", ())}
        sizes = Counter(partner.place_id for partner in self.partners)
        _check_quorum(self, values.get("minimum_signatures"), chosen.values(), sizes)
        taking_part = {partner.organisation_id for partner in self.partners if partner.place_id in chosen}
        idle = [each.name for each in values.get("signatories", ()) if chosen and each.pk not in taking_part]
        if idle:
            self.add_error("signatories", f"A partner of no place that you chose: {', '.join(sorted(idle))}")

    @property
    def said(self):
        """What the service takes: signatories by place, each place with those of its own partners that were chosen."""
        values = dict(self.cleaned_data)
        chosen = {organisation.pk: organisation for organisation in values["signatories"]}
        by_place = {place.pk: [] for place in values["places"]}
        for partner in self.partners:
            if partner.place_id in by_place and partner.organisation_id in chosen:
                by_place[partner.place_id].append(chosen[partner.organisation_id])
        places = list(values["places"])
        return values | {"places": places, "signatories": {place: by_place[place.pk] for place in places}}


def reason_field(label="Why?", help_text="", required="Say why"):
    field = forms.CharField(
        label=label,
        help_text=help_text,
        max_length=REASON_MAX,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": required},
    )
    return looks(field, count=True)


class DatesForm(RevisionForm):
    """Moves a round's last days."""

    scoring_closes_on = DateField(label="Last day of scoring", subject="the last day of scoring")
    signing_closes_on = DateField(label="Last day of signing", subject="the last day of signing")
    reason = reason_field(help_text="Everybody in the round's places can read it.")

    def clean(self):
        values = super().clean()
        scoring, signing = values.get("scoring_closes_on"), values.get("signing_closes_on")
        if scoring and signing and signing < scoring:
            self.add_error("signing_closes_on", "The last day of signing must not lie before the last day of scoring")
        return values


class PlaceForm(forms.Form):
    """Takes one more place into a round."""

    place = forms.ModelChoiceField(
        label="Place",
        queryset=Place.objects.none(),
        to_field_name="public_id",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a place", "invalid_choice": "Choose a place that is not in the round yet"},
    )
    signatories = looks(
        forms.ModelMultipleChoiceField(
            label="Organisations that must sign (optional)",
            queryset=Organisation.objects.none(),
            to_field_name="public_id",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text="Each must be a partner of the place.",
        ),
        small=True,
        folded=True,
    )

    def __init__(self, *args, round, **kwargs):
        super().__init__(*args, **kwargs)
        self.minimum = round.minimum_signatures
        self.fields["place"].queryset = places_outside(round)
        self.partners = list(_present_partners(round.system).filter(place__in=places_outside(round)))
        self.fields["signatories"].queryset = Organisation.objects.filter(
            pk__in=[partner.organisation_id for partner in self.partners]
        )
        _by_place(self.fields["signatories"], self.partners)

    def clean(self):
        values = super().clean()
        if place := values.get("place"):
            sizes = Counter(partner.place_id for partner in self.partners)
            _check_quorum(self, self.minimum, [place], sizes, field="place")
        return values


def places_outside(round):
    """Return the present places of the round's system that are not in it, by name."""
    inside = round.assessments.values("place")
    return Place.objects.filter(system=round.system_id, ended_on=None).exclude(pk__in=inside).order_by("name")


class TimeForm(forms.Form):
    """Asks for a later day, or gives one."""

    until = DateField(label="Until which day?", subject="the day", help_text="It ends at midnight in London.")
    reason = reason_field(help_text="The place and the ICB's programme office can read it.")


class AskForTimeForm(OnceForm, TimeForm):
    field_order = ["until", "reason"]


class AnswerForm(RevisionForm, TimeForm):
    """The programme office's answer; a day is asked for only where more time is given."""

    GIVE, DECLINE = "give", "decline"
    answer = looks(
        forms.ChoiceField(
            label="Give more time?",
            choices=[(GIVE, "Give more time"), (DECLINE, "Decline")],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose whether to give more time"},
        ),
        reveals={GIVE: "until"},
    )
    field_order = ["answer", "until", "reason"]

    def __init__(self, *args, asked, **kwargs):
        super().__init__(*args, **kwargs)
        if asked:
            self.fields["until"].required = False
        else:
            del self.fields["answer"]

    def clean(self):
        values = super().clean()
        if values.get("answer") == self.GIVE and not values.get("until") and "until" not in self.errors:
            self.add_error("until", DateError("Enter the day", parts=["day", "month", "year"]))
        return values


def _present_partners(system):
    today = timezone.localdate()
    present = Partner.objects.filter(place__system=system, starts_on__lte=today).exclude(ends_on__lt=today)
    return present.select_related("place", "organisation").order_by("place__name", "organisation__name")


def _by_place(field, partners):
    """Let people choose among the organisations of each place under its name; who is at several places comes last."""
    places = {}
    for partner in partners:
        places.setdefault(partner.organisation, []).append(partner.place.name)
    alone = [organisation for organisation, names in places.items() if len(names) == 1]
    several = sorted((each for each in places if len(places[each]) > 1), key=lambda each: each.name)
    field.widget.choices = [(str(each.public_id), each.name) for each in (*alone, *several)]
    groups = {str(each.public_id): places[each][0] for each in alone}
    groups |= {str(each.public_id): "At several places" for each in several}
    field.look = replace(field.look, groups=groups)


def _check_quorum(form, minimum, places, sizes, field="minimum_signatures"):
    """Refuse more signatures than a place has partners to give."""
    short = [f"{place.name} has {sizes[place.pk]}" for place in places if minimum and sizes[place.pk] < minimum]
    if short:
        form.add_error(
            field, f"Too few partners for {minimum} signatures: {', '.join(short)}. Add them first, or ask for fewer"
        )
