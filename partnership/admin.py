"""
The administration pages of this room: they write by services only, and nothing is deleted.

Scores are never registered: nobody sees another's score here, an administrator no more than anybody else.
"""

from django import forms
from django.contrib import admin
from django.contrib.auth import admin as groups
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from partnership.models import (
    AuditEvent,
    Body,
    Job,
    Membership,
    Organisation,
    OutgoingMail,
    Partner,
    Place,
    StoredFile,
    System,
    User,
)
from partnership.services import bodies, organisations, passwords, people, places

# What people may do follows from their memberships, so groups would only mislead.
admin.site.unregister(groups.Group)


class ReadOnly(admin.ModelAdmin):
    """Rows to look at."""

    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def lookup_allowed(self, lookup, value, request):
        """Refuse questions about fields that are not shown: an address that asks for them would spell them out."""
        return lookup.split("__")[0] in self.list_filter


class VersionedForm(forms.ModelForm):
    """A change says which version of the row it was based on, so that nothing of somebody else's is overwritten."""

    based_on = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["based_on"].initial = self.instance.version

    def clean(self):
        values = super().clean()
        # Locked until it is written, so that the service finds what was compared here.
        stored = type(self.instance).objects.select_for_update(no_key=True).get(pk=self.instance.pk)
        if values.get("based_on") != stored.version:
            self.is_conflict = True
            self.data = self.data.copy()
            self.data["based_on"] = stored.version
            shown = [name for name in self.fields if name != "based_on"]
            said = "; ".join(f"{self.fields[name].label}: {getattr(stored, name) or 'empty'}" for name in shown)
            raise ValidationError(
                f"Somebody else changed this while you were writing, so nothing was saved. Stored now is: {said}. "
                "Compare it with yours, and save again to replace it"
            )
        return values


class ByService(admin.ModelAdmin):
    """
    Rows that services write.

    A subclass says how: `add(values, by=, at=)` and `change(row, values, by=, at=)` return the row. Fields named in
    `fixed_fields` cannot be changed once the row is there.
    """

    fixed_fields = ()

    def get_readonly_fields(self, request, obj=None):
        return self.fixed_fields if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        told = {"by": request.user, "at": timezone.now()}
        if change:
            self.change(obj, form.cleaned_data, **told)
        else:
            obj.pk = self.add(form.cleaned_data, **told).pk

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.related_model is Place:
            kwargs["queryset"] = Place.objects.filter(ended_on=None).order_by("name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class Versioned(ByService):
    """Rows that carry a version."""

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, **({"form": VersionedForm} if obj else {}) | kwargs)


@admin.register(System)
class SystemAdmin(ByService):
    fields = fixed_fields = ("name", "board_name")
    list_display = ("name", "board_name")

    def has_change_permission(self, request, obj=None):
        return False

    def add(self, values, **told):
        return places.add_system(**values, **told)


@admin.register(Place)
class PlaceAdmin(Versioned):
    fixed_fields = ("system", "name", "ended_on", "part_of", "closing")
    list_display = ("name", "system", "partnership_name", "ended_on")
    list_select_related = ("system",)
    list_filter = ("system",)
    search_fields = ("name",)

    def get_fields(self, request, obj=None):
        fields = ["system", "name", "partnership_name", "board_name", "about"]
        return [*fields, "ended_on", "part_of", "closing", "based_on"] if obj else fields

    @admin.display(description="Closing")
    def closing(self, place):
        route, key, words = "partnership:close_places", place.system.public_id, "Close it, or make it part of another"
        if place.ended_on:
            route, key, words = "partnership:open_place_again", place.public_id, "Open it again"
        address = reverse(route, args=[key]) + ("" if place.ended_on else f"?place={place.public_id}")
        return format_html('<a href="{}">{}</a>', address, words)

    def add(self, values, **told):
        return places.add_place(**values, **told)

    def change(self, row, values, **told):
        return places.change_place(place=row, **values, **told)


class BodyForm(forms.ModelForm):
    def clean(self):
        values = super().clean()
        parent, place = values.get("parent"), values.get("place")
        if parent and place and parent.place_id != place.pk:
            self.add_error("parent", f"{parent} is a body of another place")
        return values


@admin.register(Body)
class BodyAdmin(ByService):
    form = BodyForm
    fields = fixed_fields = ("place", "name", "parent", "purpose")
    list_display = ("name", "place", "parent")
    list_select_related = ("place", "parent")
    list_filter = ("place",)

    def has_change_permission(self, request, obj=None):
        return False

    def add(self, values, **told):
        return bodies.add_body(**values, **told)


@admin.register(Organisation)
class OrganisationAdmin(Versioned):
    fixed_fields = ("name",)
    list_display = ("name", "sector", "ended_on")
    list_filter = ("sector",)
    search_fields = ("name",)

    def get_fields(self, request, obj=None):
        return ["name", "sector", "ended_on", "based_on"] if obj else ["name", "sector"]

    def add(self, values, **told):
        return organisations.add_organisation(**values, **told)

    def change(self, row, values, **told):
        return organisations.change_organisation(organisation=row, **values, **told)


class EndingForm(forms.ModelForm):
    """A row that lasts from one day to another; once it is there, only its last day can be set, and once."""

    def clean_ends_on(self):
        ends_on = self.cleaned_data.get("ends_on")
        starts_on = self.instance.starts_on if self.instance.pk else self.cleaned_data.get("starts_on")
        if ends_on and starts_on and ends_on < starts_on:
            raise ValidationError(f"The last day lies before the first, {starts_on:%-d %B %Y}")
        return ends_on


class Ending(ByService):
    form = EndingForm

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.ends_on is None)

    def change(self, row, values, **told):
        return self.end(row, ends_on=values["ends_on"], **told) if values["ends_on"] else row


@admin.register(Partner)
class PartnerAdmin(Ending):
    fixed_fields = ("place", "organisation", "starts_on")
    fields = (*fixed_fields, "ends_on")
    list_display = ("organisation", "place", "starts_on", "ends_on")
    list_select_related = ("organisation", "place")
    list_filter = ("place",)

    def add(self, values, **told):
        return organisations.add_partner(**values, **told)

    def end(self, row, **values):
        return organisations.end_partner(partner=row, **values)


class MembershipForm(EndingForm):
    def clean(self):
        values = super().clean()
        if self.instance.pk or self.errors:
            return values
        asked = {name: values[name] for name in ("user", "role", "place", "system", "starts_on", "ends_on")}
        try:
            people.check_role_is_free(**asked)
        except (people.RoleElsewhere, people.RoleHeldAlready) as error:
            raise ValidationError(str(error)) from error
        return values


@admin.register(Membership)
class MembershipAdmin(Ending):
    form = MembershipForm
    fixed_fields = ("user", "role", "place", "system", "organisation", "starts_on")
    fields = (*fixed_fields, "ends_on")
    list_display = ("user", "role", "place", "system", "organisation", "starts_on", "ends_on")
    list_select_related = ("user", "place", "system", "organisation")
    list_filter = ("role", "place")
    search_fields = ("user__name", "user__email")

    def add(self, values, **told):
        return people.start_membership(**values, **told)

    def end(self, row, **values):
        return people.end_membership(membership=row, **values)


class PersonForm(forms.ModelForm):
    administrator = forms.BooleanField(
        required=False, help_text="May use these pages; this gives no part in any place."
    )

    def clean_email(self):
        # Before the check that nobody else has it.
        return self.cleaned_data["email"].strip().lower()


@admin.register(User)
class UserAdmin(Versioned):
    """People; a new one is sent a link to choose a password, and nobody else ever knows it."""

    fixed_fields = ("email", "is_superuser", "last_login", "created_at", "leaving", "forgetting")
    list_display = ("name", "email", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("name", "email")
    actions = ("invite_again",)

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, **(kwargs if obj else kwargs | {"form": PersonForm}))

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["email", "name", "administrator"]
        if obj.pseudonymised_at:
            return ["email", "name", "created_at", "pseudonymised_at"]
        shown = ["email", "name", "is_active", "is_superuser", "last_login", "created_at"]
        return [*shown, "leaving", "forgetting", "based_on"]

    @admin.display(description="When they leave")
    def leaving(self, person):
        return format_html(
            '<a href="{}">End their part and hand it over</a>', reverse("partnership:leave", args=[person.public_id])
        )

    @admin.display(description="When they ask to be forgotten")
    def forgetting(self, person):
        return format_html(
            '<a href="{}">Pseudonymise</a>', reverse("partnership:pseudonymise", args=[person.public_id])
        )

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.pseudonymised_at is None)

    def add(self, values, **told):
        with transaction.atomic():
            person = people.add_person(**values, **told)
            passwords.invite(person=person, **told)
        return person

    def change(self, row, values, **told):
        return people.change_person(person=row, **values, **told)

    @admin.action(description="Send a link to choose a password")
    def invite_again(self, request, queryset):
        for person in queryset.filter(pseudonymised_at=None):
            passwords.invite(person=person, by=request.user, at=timezone.now())
        self.message_user(request, "The links are on their way.")


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    # Not the details: they hold the levels that members give, which nobody else may see while they score.
    exclude = ("details",)
    list_display = ("chain", "sequence", "type", "at", "actor", "target_type", "target")
    list_filter = ("type",)
    search_fields = ("=chain", "=target", "=actor")
    ordering = ("-pk",)

    def get_queryset(self, request):
        # Who dissented without their name is nobody's to see: the record keeps it, no page shows it.
        return super().get_queryset(request).exclude(type__startswith="DISSENT")


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = ("kind", "subject", "due_at", "attempts", "done_at", "failed_at", "problem")
    list_filter = ("kind",)
    ordering = ("-pk",)


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnly):
    # Not the text: it may hold a link that lets its reader in.
    fields = list_display = ("message_id", "subject", "due_at", "attempts", "sent_at", "failed_at", "problem")
    ordering = ("-pk",)


@admin.register(StoredFile)
class StoredFileAdmin(ReadOnly):
    list_display = ("sha256", "size", "media_type", "stored_at")
    search_fields = ("=sha256",)
    ordering = ("-pk",)
