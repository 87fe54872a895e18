"""The form with which papers are asked for: those of a round, and one that the worker gave up."""

from uuid import uuid4

from django import forms


class OrderForm(forms.Form):
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
