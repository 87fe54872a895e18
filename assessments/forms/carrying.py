"""Forms for bringing items from an earlier round, and for confirming them."""

import uuid

from django import forms
from django.core.exceptions import ValidationError

from partnership.fields import looks
from partnership.revising import OnceForm

STAYS = "stays"


class CarryForm(OnceForm):
    """
    Which items to bring: a list to tick for each criterion, all ticked at first.

    For an item of a criterion that was split, it asks to which part the item belongs.
    """

    def __init__(self, data=None, *, candidates):
        super().__init__(data)
        self._lists, self._places = {}, {}
        for number, each in enumerate(candidates.criteria):
            if not each.targets or not each.open_items:
                continue
            if len(each.targets) == 1:
                self._add_list(f"criterion_{number}", each)
            else:
                # What became of the criterion is told once, with its first item.
                for place, item in enumerate(each.open_items):
                    self._add_place(f"item_{item.item.public_id.hex}", each, item, flag="" if place else each.flag)

    def _add_list(self, name, each):
        (target,) = each.targets
        keys = {str(item.item.public_id): item for item in each.open_items}
        field = forms.MultipleChoiceField(
            label=_title(each, target),
            help_text=each.flag,
            choices=[(key, _words(each, item)) for key, item in keys.items()],
            initial=list(keys),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": "Choose items that are offered here"},
        )
        self.fields[name] = looks(field, size="m", small=True, hints={key: _cited(item) for key, item in keys.items()})
        self._lists[name] = (target.code, {key: item.item.pk for key, item in keys.items()})

    def _add_place(self, name, each, item, *, flag):
        field = forms.ChoiceField(
            label=f"Where does {item.item.noun} {_named(each, item)}, “{item.item.statement}”, belong?",
            help_text=f"{flag} {_cited(item)}".strip(),
            choices=[(part.code, f"{part.code} {part.name}") for part in each.targets] + [(STAYS, "Do not bring it")],
            widget=forms.RadioSelect,
            error_messages={"required": f"Choose where {item.item.noun} {_named(each, item)} belongs"},
        )
        self.fields[name] = looks(field, small=True, divider_before=STAYS)
        self._places[name] = item.item.pk

    def clean(self):
        values = super().clean()
        if not self.errors and not self.choices:
            raise ValidationError("Choose at least one item to bring")
        return values

    @property
    def choices(self):
        """What the service takes: the code of the criterion that each chosen item goes to, by the item's key."""
        chosen = {}
        for name, (code, keys) in self._lists.items():
            chosen |= {keys[key]: code for key in self.cleaned_data.get(name, ())}
        for name, item in self._places.items():
            if (code := self.cleaned_data.get(name, STAYS)) != STAYS:
                chosen[item] = code
        return chosen


def _title(each, target):
    title = f"{target.code} {target.name}"
    return title if each.source.code == target.code else f"{title}, from {each.source.code} {each.source.name}"


def _named(each, item):
    return f"{each.source.code}.{item.item.name}"


def _words(each, item):
    return f"{_named(each, item)} {item.item.statement}"


def _cited(item):
    """Say what an item's evidence comes to when it is brought."""
    if not item.cited and not item.ended:
        return "No evidence attached."
    words = f"With {item.cited} piece{'' if item.cited == 1 else 's'} of evidence"
    return f"{words}; {item.ended} that ended stays behind." if item.ended else f"{words}."


class ConfirmForm(forms.Form):
    """Which items, in which version, the reader saw and confirms: "identifier:version", with spaces between."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=100_000)

    def clean_shown(self):
        shown = {}
        for each in self.cleaned_data["shown"].split():
            key, _, version = each.partition(":")
            try:
                shown[str(uuid.UUID(key))] = int(version)
            except ValueError:
                raise ValidationError("This is not what the page sends") from None
        return shown
