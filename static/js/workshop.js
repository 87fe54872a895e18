// Keeps a workshop's pages up to date: asks every so often whether something changed, and draws anew what did. Without
// it, "See what is new" does the same.

const EVERY = 1200;
const LOST_AFTER = 3;
const room = document.querySelector("[data-room]");
const said = room.querySelector("[data-said]");
const offline = room.querySelector("[data-offline]");
const moved = room.querySelector("[data-moved]");

let etag = "";
let failures = 0;
let drawing = Promise.resolve();

// One voice: what came about, never a count that goes up.
function say(words) {
  if (words && said.textContent !== words) {
    said.textContent = words;
  }
}

function sayOf(page, before = "") {
  const told = part(page, "main").dataset.says;
  const main = part(document, "main");
  if (told !== main.dataset.says) {
    main.dataset.says = told;
    say(`${before} ${told}`.trim());
  }
}

// What was hidden is said when it comes into sight.
function show(notice, isShown) {
  if (notice.hidden === isShown) {
    notice.hidden = !isShown;
    say(isShown ? notice.innerText : "");
  }
}

document.body.classList.add("workshop-live");

function parts(page) {
  return [...page.querySelectorAll("[data-refresh]")];
}

function part(page, name) {
  return page.querySelector(`[data-refresh="${name}"]`);
}

// Whoever writes a rationale must not lose it because somebody joined, or because another facilitator went on.
function isTyping() {
  const form = room.querySelector("[data-typing]");
  return form !== null && [...form.elements].some((each) => each.value !== each.defaultValue || each.checked !== each.defaultChecked);
}

function isSigned(page) {
  return page.querySelector("[data-room]") !== null;
}

// What a member had typed for "not applicable" is shown to them where its form went away; returns what is to be said.
function keepTyped(fresh) {
  const typed = room.querySelector("[data-vote] textarea")?.value.trim();
  const kept = room.querySelector("[data-kept]");
  if (!kept) {
    return "";
  }
  const isLost = Boolean(typed) && fresh.querySelector("[data-vote]") === null;
  if (isLost) {
    kept.querySelector("[data-kept-text]").textContent = `You had typed: “${typed}”`;
  }
  kept.hidden = !isLost;
  return isLost ? kept.innerText : "";
}

function draw(page, names) {
  const focused = document.activeElement;
  const wasInside = focused !== document.body && focused?.closest("[data-refresh]") !== null;
  const id = focused?.id;
  for (const old of parts(document).filter((each) => !names || names.includes(each.dataset.refresh))) {
    const fresh = part(page, old.dataset.refresh);
    if (fresh && old.isConnected) {
      old.className = fresh.className;
      old.replaceChildren(...fresh.cloneNode(true).childNodes);
    }
  }
  if (wasInside && !focused.isConnected) {
    const again = (id && document.getElementById(id)) || document.querySelector("[data-focus]");
    again?.focus({ preventScroll: true });
  }
}

function drawAll(page) {
  const lost = keepTyped(part(page, "main"));
  const fresh = page.querySelector("[data-room]");
  draw(page);
  if (moved) {
    moved.hidden = true;
  }
  room.dataset.version = fresh.dataset.version;
  document.title = page.title;
  sayOf(page, lost);
}

async function read(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // Signed out, closed, or no longer allowed in: the page that says so comes in place of this one.
  if (!isSigned(page)) {
    location.assign(answer.url);
    return null;
  }
  return page;
}

function countChanged(told) {
  for (const count of document.querySelectorAll("[data-count]")) {
    count.textContent = told.count;
  }
}

async function ask() {
  // Asking for JSON, it does not count as somebody's work, which would write the session.
  const headers = { Accept: "application/json", ...(etag && { "If-None-Match": etag }) };
  const answer = await fetch(room.dataset.room, { headers, cache: "no-store" });
  if (answer.status === 304) {
    return;
  }
  if (answer.redirected || !answer.ok) {
    location.reload();
    return;
  }
  const told = await answer.json();
  const isNew = String(told.version) !== room.dataset.version;
  if (isNew && isTyping()) {
    show(moved, true);
  } else if (isNew || room.dataset.counts === "refresh") {
    const page = await read(await fetch(location.pathname, { cache: "no-store" }));
    if (page === null) {
      return;
    }
    // Another page may have been asked for meanwhile, which is as new: only a newer one is drawn whole.
    if (page.querySelector("[data-room]").dataset.version !== room.dataset.version && !isTyping()) {
      drawAll(page);
    } else {
      draw(page, ["bar", "count", "reveal", "call-off"]);
      sayOf(page);
    }
  } else {
    countChanged(told);
  }
  etag = answer.headers.get("ETag");
}

async function look() {
  if (!document.hidden) {
    try {
      await ask();
      failures = 0;
    } catch (error) {
      if (!(error instanceof TypeError)) {
        throw error;
      }
      failures += 1;
    }
    if (!offline.hidden && !failures) {
      say("The connection is back.");
    }
    show(offline, failures >= LOST_AFTER);
  }
}

async function watch() {
  await drawing;
  drawing = look();
  await drawing;
  setTimeout(watch, EVERY);
}

document.addEventListener("visibilitychange", () => {
  drawing = drawing.then(look);
});

// One touch votes, without leaving the page; where there is no connection, the touch is not lost silently.
room.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-vote]")) {
    return;
  }
  event.preventDefault();
  const sent = new FormData(form, event.submitter);
  drawing = drawing.then(() => vote(sent));
});

async function vote(sent) {
  said.textContent = "";
  try {
    const page = await read(await fetch(location.pathname, { method: "POST", body: sent }));
    if (page !== null) {
      drawAll(page);
      say(part(document, "main").dataset.says);
    }
  } catch (error) {
    if (!(error instanceof TypeError)) {
      throw error;
    }
    failures = LOST_AFTER;
    offline.hidden = false;
    say("Not sent: there is no connection. Touch your choice again.");
  }
}

watch();
