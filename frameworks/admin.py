"""Frameworks as administrators see them: readable, never edited here; a draft can be published, a version retired."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from frameworks import definition, selectors, services
from frameworks.models import Framework, FrameworkVersion


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows and changes none: framework files are loaded as fixtures."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Framework)
class FrameworkAdmin(ReadOnlyAdmin):
    list_display = ["name", "code", "owner"]
    fields = ["name", "code", "owner"]


@admin.register(FrameworkVersion)
class FrameworkVersionAdmin(ReadOnlyAdmin):
    list_display = ["framework", "number", "state", "digest"]
    list_select_related = ["framework", "publication", "retirement"]
    fields = ["framework", "number", "state", "changes", "digest", "content"]
    readonly_fields = ["state", "changes", "content"]
    actions = ["publish", "retire"]

    @admin.display(description="State")
    def state(self, version):
        state = selectors.state(version)
        if state == "Retired":
            return f"Retired {timezone.localdate(version.retirement.retired_at):%-d %B %Y}"
        if state == "Published":
            return f"Published {timezone.localdate(version.publication.published_at):%-d %B %Y}"
        return state

    @admin.display(description="What changed")
    def changes(self, version):
        href = reverse("frameworks:difference", args=[version.public_id])
        return format_html('<a href="{}">What changed since the version before</a>', href)

    @admin.display(description="Content")
    def content(self, version):
        try:
            parsed = definition.load(version.definition)
        except definition.DefinitionError as error:
            return str(error)
        return render_to_string("frameworks/admin_definition.html", {"definition": parsed})

    @admin.action(description="Publish the chosen drafts", permissions=["publish"])
    def publish(self, request, versions):
        for version in versions:
            try:
                services.publish_version(version=version, by=request.user, at=timezone.now())
            except services.CANNOT_PUBLISH as error:
                self.message_user(request, f"{version.number}: {error}", messages.ERROR)
            else:
                self.message_user(request, f"Version {version.number} is published.")

    @admin.action(description="Retire the chosen versions", permissions=["publish"])
    def retire(self, request, versions):
        # There is no way back, so that it takes a second page.
        if "sure" not in request.POST:
            return TemplateResponse(
                request,
                "frameworks/admin_retire.html",
                self.admin_site.each_context(request)
                | {
                    "title": "Retire framework versions",
                    "versions": versions.select_related("framework", "publication", "retirement"),
                    "opts": self.model._meta,
                    "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
                    "checkbox": ACTION_CHECKBOX_NAME,
                },
            )
        for version in versions:
            try:
                services.retire_version(version=version, by=request.user, at=timezone.now())
            except services.CANNOT_RETIRE as error:
                self.message_user(request, f"{version.number}: {error}", messages.ERROR)
            else:
                self.message_user(request, f"Version {version.number} is retired. Its open rounds can finish.")
        return None

    def has_publish_permission(self, request):
        return request.user.is_superuser
