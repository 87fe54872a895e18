"""Somebody at a browser: a session over HTTP with cookies and forms, and nothing that a browser would not know."""

import http.client
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.factories import PASSWORD
from tests.page_forms import forms_of

# Longer than SQLite lets a writer wait for its turn.
PATIENCE = 60
LOST = (OSError, http.client.HTTPException)


class Visitor:
    """
    One session. A request that gets no whole answer raises one of `LOST`: nobody knows then whether it was acted on.

    `number` makes the network address that the proxy names, one for each visitor.
    """

    def __init__(self, url, number):
        self.host = urlsplit(url).netloc
        self.cookies, self.address = {}, f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

    def get(self, path):
        return self._ask("GET", path)

    def post(self, path, data):
        body = urlencode(data | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}, doseq=True)
        return self._ask("POST", path, body)

    def form(self, path, *, holding=""):
        """Return the first form of a page that posts and has a control whose name ends so."""
        status, html = self.get(path)
        assert status == 200, (status, path)
        for form in forms_of(html, path):
            if form.method == "post" and any(name.endswith(holding) for name in form.controls) and form.action != "":
                if form.action.endswith("/sign-out/"):
                    continue
                return form
        raise AssertionError(f"{path} has no form with {holding!r}")

    def sign_in(self, user, password=PASSWORD):
        self.get("/sign-in/")
        status, html = self.post("/sign-in/", {"email": user.email, "password": password})
        assert status == 302, html
        return self

    def _ask(self, method, path, body=None):
        headers = {"X-Forwarded-For": self.address, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        # A connection of its own for each request: one that is kept could end between two without anybody's doing.
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers | {"Connection": "close"})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer.status, content.decode(errors="replace")
