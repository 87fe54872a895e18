"""What every page knows about the service itself, and how long its reader stays signed in."""

from django.conf import settings
from django.utils import timezone

from partnership import sign_in_time


def service(request):
    return {
        "service_name": settings.SERVICE_NAME,
        "service_contact": settings.SERVICE_CONTACT,
        "demo": settings.DEMO,
        "sign_in_seconds": sign_in_time.seconds_left(request, at=timezone.now()),
    }
