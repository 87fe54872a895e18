"""Frameworks as administrators see them: readable, never edited here; a draft can be published."""

from django.contrib import admin, messages
from django.template.loader import render_to_string
from django.utils import timezone

from frameworks import definition, services
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
    list_select_related = ["framework", "publication"]
    fields = ["framework", "number", "state", "digest", "content"]
    readonly_fields = ["state", "content"]
    actions = ["publish"]

    @admin.display(description="State")
    def state(self, version):
        publication = getattr(version, "publication", None)
        return f"Published {timezone.localdate(publication.published_at):%-d %B %Y}" if publication else "Draft"

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

    def has_publish_permission(self, request):
        return request.user.is_superuser
