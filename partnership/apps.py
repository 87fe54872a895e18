from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PartnershipConfig(AppConfig):
    name = "partnership"

    def ready(self):
        from partnership import append_only

        # Only here are the tables of all rooms in place; a signal is how Django says so.
        post_migrate.connect(append_only.install_after_migrate, dispatch_uid="append_only")
