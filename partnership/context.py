"""What every page knows about the service itself."""

from django.conf import settings


def service(request):
    return {
        "service_name": settings.SERVICE_NAME,
        "service_contact": settings.SERVICE_CONTACT,
        "demo": settings.DEMO,
    }
