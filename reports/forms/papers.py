"""The form with which the papers of a round are asked for."""

from uuid import uuid4

from django import forms


class OrderForm(forms.Form):
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
