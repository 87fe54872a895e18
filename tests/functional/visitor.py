"""Somebody at a browser, who does what people do and collects whatever a page does that it should not."""

import re

from django.conf import settings

WIDE, NARROW = 1280, 320
HEIGHT = 900
STARTED = "[data-nhsuk-skip-link-init]"
AXE = settings.ASSETS_DIR / "axe/axe.min.js"
# The innermost elements that reach beyond the window, but for those in a region that scrolls by itself.
TOO_WIDE = """() => [...document.body.querySelectorAll("*")]
  .filter((each) => each.getBoundingClientRect().right > window.innerWidth + 1 && !each.closest("[data-scroll-region]"))
  .filter((each, _, all) => !all.some((other) => other !== each && each.contains(other)))
  .slice(0, 3).map((each) => each.outerHTML.slice(0, 200))"""
NEXT_PICTURE = "() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))"
TITLE = re.compile(r".+ – Place maturity")


def untidy(title, headings):
    """Return what is not as on every page, given a page's title and how many headings of the first level it has."""
    said = [] if TITLE.fullmatch(title) else [f"has the title {title!r}"]
    return said if headings == 1 else [*said, f"has {headings} headings of the first level"]


class Visitor:
    """
    One browser window on a portal, with or without scripts.

    `complaints` says, page by page, what no page may do: ask another machine for anything, have something refused by
    the security policy, fail in a script, answer with an error that was not expected. `look` adds what is wrong with
    the page that is open.
    """

    def __init__(self, chromium, address, *, script=True, width=WIDE):
        self.address, self.script, self.width = address, script, width
        self.complaints = []
        self.expected = set()
        self.context = chromium.new_context(
            base_url=address,
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(10_000)
        self.context.on("request", self._on_request)
        self.context.on("response", self._on_response)
        # The browser writes there, too, what the security policy refuses.
        self.context.on("console", self._on_console)
        self.context.on("weberror", lambda failed: self.complain(f"script failed: {failed.error}"))
        self.page = self.context.new_page()

    def complain(self, words):
        self.complaints.append(f"{self.path}: {words}")

    @property
    def path(self):
        return self.page.url.removeprefix(self.address)

    def _on_request(self, request):
        if not request.url.startswith((self.address + "/", "data:", "blob:")):
            self.complain(f"asks for {request.url}")

    def _on_response(self, response):
        if response.status >= 400 and response.status not in self.expected:
            self.complain(
                f"{response.request.method} {response.url.removeprefix(self.address)} gives {response.status}"
            )

    def _on_console(self, message):
        # What the browser says of an error status is told from the response.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.complain(f"console: {message.text}")

    def expect(self, *statuses):
        """Take error statuses for right from now on."""
        self.expected = set(statuses)

    def open(self, path):
        return self.page.goto(path)

    def sign_in(self, email, *, password=settings.DEMO_PASSWORD):
        if not self.path.startswith("/sign-in/"):
            self.open("/sign-in/")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.press("Sign in")

    def sign_out(self):
        self.press("Sign out")

    def press(self, name):
        """Press a button that leads to a page."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=re.compile(name)).and_(self.page.locator("button")).first.click()

    def follow(self, name):
        """Follow a link by its words; a link that looks like a button is one to the browser."""
        words = re.compile(name)
        link = self.page.get_by_role("link", name=words).or_(self.page.get_by_role("button", name=words))
        with self.page.expect_navigation():
            link.and_(self.page.locator("a")).first.click()

    @property
    def heading(self):
        return " ".join(self.page.locator("h1").inner_text().split())

    @property
    def text(self):
        return " ".join(self.page.locator("main").inner_text().split())

    def settle(self):
        """Wait until the portal's script has done its part; the administration's pages have none."""
        if self.script and self.page.locator("script[data-nhsuk]").count():
            self.page.wait_for_selector(STARTED, state="attached")

    def look(self):
        """Look at the open page at both widths, without scripts only whether it fits, and complain of what is wrong."""
        for problem in untidy(self.page.title(), self.page.locator("h1").count()):
            self.complain(problem)
        self.settle()
        if self.script:
            self.page.evaluate(AXE.read_text())
        for width in (NARROW, WIDE):
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            if self.script:
                # The page's scripts hear of the new size before its next picture but one.
                self.page.evaluate(NEXT_PICTURE)
            wanted = self.page.evaluate("() => document.documentElement.scrollWidth")
            if wanted > width:
                self.complain(f"is {wanted} px wide in a window of {width} px: {self.page.evaluate(TOO_WIDE)}")
            if self.script:
                self._look_with_axe(width)
        self.page.set_viewport_size({"width": self.width, "height": HEIGHT})

    def _look_with_axe(self, width):
        found = self.page.evaluate("() => axe.run({resultTypes: ['violations'], preload: false})")
        for violation in found["violations"]:
            places = [node["html"][:200] for node in violation["nodes"]][:3]
            self.complain(f"breaks {violation['id']} at {width} px in {len(violation['nodes'])} places: {places}")
