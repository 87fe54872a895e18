"""The site of the administration pages."""

from django.contrib import admin
from django.shortcuts import redirect


class PortalSite(admin.AdminSite):
    """
    Signs people in and out and changes passwords by the portal's own pages, which throttle and record.

    The middleware has let nobody but staff come this far.
    """

    site_header = site_title = "Administration"
    index_title = "What can be administered"

    def login(self, request, extra_context=None):
        return redirect(f"{self.name}:index")

    def password_change(self, request, extra_context=None):
        return redirect("partnership:password_change")
