// Looks again by itself while the worker makes what somebody waits for, and says so once it is there. Nothing is opened
// unasked.
const EVERY = 3000;
const region = document.querySelector("[data-awaited]");

// Asking for JSON, it does not count as somebody's work, which would write the session.
const ask = (method) => fetch(location.pathname, { method, headers: { Accept: "application/json" }, cache: "no-store" });
const isPage = (answer) => answer.headers.get("Content-Type").startsWith("text/html");
const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

// On the page of one paper.
async function lookForPaper() {
  const told = await ask("HEAD");
  if (told.redirected || !told.ok) {
    location.reload();
    return false;
  }
  if (!isPage(told)) {
    const link = region.querySelector("[data-ready]");
    link.textContent = link.dataset.ready;
    region.querySelector("[data-standing]").textContent = "It is ready.";
    return false;
  }
  const page = await parsed(await ask("GET"));
  const standing = page.querySelector("[data-standing]");
  if (standing === null) {
    // It could not be made.
    region.replaceChildren(...page.querySelector("[data-awaited]").childNodes);
    return false;
  }
  const shown = region.querySelector("[data-standing]");
  if (shown.textContent !== standing.textContent) {
    shown.textContent = standing.textContent;
  }
  return true;
}

// In a list of what was ordered: only the entries change that were being made.
async function lookThroughList() {
  const answer = await ask("GET");
  if (answer.redirected || !answer.ok) {
    location.reload();
    return false;
  }
  const page = await parsed(answer);
  for (const shown of region.querySelectorAll("[data-making]")) {
    const fresh = page.getElementById(shown.id);
    if (fresh && !("making" in fresh.dataset)) {
      const hadFocus = shown.contains(document.activeElement);
      shown.replaceWith(fresh);
      document.querySelector("[data-news]").textContent = fresh.dataset.told;
      if (hadFocus) {
        fresh.querySelector("a")?.focus();
      }
    }
  }
  return region.querySelector("[data-making]") !== null;
}

const look = region.matches("ul") ? lookThroughList : lookForPaper;

async function keepLooking() {
  let goesOn = true;
  if (!document.hidden) {
    try {
      goesOn = await look();
    } catch {
      // Without a connection it is asked again; the link does the same by hand.
    }
  }
  if (goesOn) {
    setTimeout(keepLooking, EVERY);
  }
}

setTimeout(keepLooking, EVERY);
