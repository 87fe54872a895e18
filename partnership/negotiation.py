"""What kind of answer a request asks for."""


def wants_json(request):
    """Tell whether it is a page's script that asks, which reads JSON, and not somebody who follows a link."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
