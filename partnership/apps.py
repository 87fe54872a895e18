from django.apps import AppConfig
from django.contrib.admin import apps as administration
from django.db.models.signals import post_migrate, pre_migrate


class PartnershipConfig(AppConfig):
    name = "partnership"
    default = True

    def ready(self):
        from partnership import append_only

        # Only then are the tables of all rooms in place; a signal is how Django says so. Django
        # sends it once per app after all migrations; one of them is enough.
        pre_migrate.connect(append_only.lift_before_migrate, sender=self, dispatch_uid="append_only")
        post_migrate.connect(append_only.install_after_migrate, sender=self, dispatch_uid="append_only")


class AdministrationConfig(administration.AdminConfig):
    """Django's administration pages, on a site that signs people in and changes passwords where the portal does."""

    default = False
    default_site = "partnership.administration.PortalSite"
