"""What the API answers with: JSON that a tool may keep and ask again about, and problems that say how to mend them."""

import hashlib
import json

from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

PROBLEM = "application/problem+json"


def answer(request, data):
    """Return data as JSON with its ETag, or 304 where the program has just that already."""
    text = json.dumps(data, ensure_ascii=False)
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    response = HttpResponse(text, content_type="application/json", headers={"ETag": etag})
    return _kept(get_conditional_response(request, etag=etag, response=response))


def problem(status, title, detail, **headers):
    """Return what went wrong (RFC 9457), with a sentence that says how to mend it."""
    text = json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail}, ensure_ascii=False)
    return _kept(HttpResponse(text, status=status, content_type=PROBLEM, headers=headers))


def _kept(response):
    # Whoever keeps it has to ask each time whether it is still so, with their own token.
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    patch_vary_headers(response, ["Authorization"])
    return response
