"""What somebody hears who has a page read to them: every change of a live region, in order."""

# Set up before a page's own scripts run. Of each live region, what stands in it after a change, once they are done.
LISTEN = """() => {
  const LIVE = "[role='status'], [role='alert'], [aria-live]";
  window.heard = [];
  const words = (region) => region.innerText.replace(/\\s+/g, " ").trim();
  new MutationObserver((changes) => {
    const regions = new Set();
    for (const { target, addedNodes } of changes) {
      const inside = (target.closest ? target : target.parentElement)?.closest(LIVE);
      const added = [...addedNodes].filter((each) => each.matches).flatMap((each) => [
        ...(each.matches(LIVE) ? [each] : []),
        ...each.querySelectorAll(LIVE),
      ]);
      [inside, ...added].filter(Boolean).forEach((each) => regions.add(each));
    }
    for (const region of regions) {
      if (words(region)) {
        window.heard.push([region.getAttribute("role") ?? region.getAttribute("aria-live"), words(region)]);
      }
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


class Listener:
    """Listens to a page that is open; `heard` returns what was said since it was last asked."""

    def __init__(self, page):
        self.page = page
        page.evaluate(LISTEN)

    def wait_for(self, words):
        """Wait until something with these words was said."""
        self.page.wait_for_function("(words) => heard.some((each) => each[1].includes(words))", arg=words)

    def heard(self):
        said = self.page.evaluate("() => heard.splice(0)")
        assert {kind for kind, _ in said} <= {"status", "polite"}, f"Said at once, amid whatever was being read: {said}"
        return [words for _, words in said]
