"""
Show pages that need no data in a real browser: the gallery of components, the static pages, the error pages.

`python -m tests.functional.gallery_in_browser FOLDER` saves each as a picture, to be looked at.
"""

import mimetypes
import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

ORIGIN = "http://portal.test"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (1280, 320)
PAGES = {
    "gallery": "components/gallery.html",
    "privacy": "partnership/privacy.html",
    "cookies": "partnership/cookies.html",
    "accessibility": "partnership/accessibility.html",
    "not-found": "404.html",
    "refused": "403.html",
    "fault": "500.html",
}


@contextmanager
def browser():
    """Start the machine's own browser; `CHROMIUM` says where it is, if not in a usual place."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield chromium
        chromium.close()


def answer(route):
    """Answer a browser's request from the templates and static files, under the portal's own security policy."""
    from django.conf import settings
    from django.contrib.staticfiles import finders
    from django.template.loader import render_to_string
    from django.test.utils import override_settings

    from tests.unit.templates.gallery import context

    path = route.request.url.removeprefix(ORIGIN).split("?")[0].split("#")[0].lstrip("/")
    if path.startswith("static/"):
        found = finders.find(path.removeprefix("static/"))
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return route.fulfill(body=Path(found).read_bytes(), content_type=kind) if found else route.fulfill(status=404)
    if path not in PAGES:
        return route.fulfill(status=404)
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
    with override_settings(ROOT_URLCONF="tests.unit.templates.addresses"):
        body = render_to_string(PAGES[path], context())
    return route.fulfill(
        body=body,
        headers={
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives),
        },
    )


def visit(chromium, name, *, width, **options):
    """Open a page in a window of a width and return it, with `page.refused` collecting what the policy refused."""
    page = chromium.new_context(viewport={"width": width, "height": 900}, **options).new_page()
    page.refused = []
    page.on("console", lambda message: page.refused.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.refused.append(str(error)))
    page.route("**/*", answer)
    page.goto(f"{ORIGIN}/{name}")
    if options.get("java_script_enabled", True):
        page.wait_for_selector("[data-nhsuk-skip-link-init]", state="attached")
    return page


def main(folder):
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    Path(folder).mkdir(parents=True, exist_ok=True)
    with browser() as chromium:
        for name in PAGES:
            for width in WIDTHS:
                visit(chromium, name, width=width).screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


if __name__ == "__main__":
    main(sys.argv[1])
