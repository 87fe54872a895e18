// Saves scores while they are given, and says "Saved" only of what the portal has confirmed.
//
// Until then what was given is kept in this browser, by person, item and ballot, with the version that it was based on.
// It is sent again until an answer comes, put back when the page is opened again, and forgotten once the portal has it.
// One request is on its way at a time, and what went without an answer goes again unchanged before anything newer, so
// that a save whose answer was lost is told from one that somebody else made. Everything works without this script.

const NAMES = ["choice", "reason", "confidence", "comment"];
const AFTER_CHOOSING = 150;
const AFTER_TYPING = 1200;
const AT_LATEST = 5000;
const LONGEST_WAIT = 30000;
const PATIENCE = 20000;
const DAYS_KEPT = 14;
const WAITING = "Not saved yet";
const PROBLEMS = {
  unreachable: "the portal cannot be reached, so it is kept on this device",
  "signed-out": "you are no longer signed in, so it is kept on this device",
};

const form = document.querySelector("[data-scoring]");
const notice = document.querySelector("[data-autosave-notice]") ?? document.createElement("div");
const said = document.querySelector("[data-autosave-said]");
const { person } = form.dataset;
const title = document.title.split(" – ")[0].replace(/^Error: /, "");

const same = (one, other) => NAMES.every((name) => (one[name] ?? "") === (other[name] ?? ""));
const template = (name) => document.querySelector(`[data-${name}-template]`).content.firstElementChild.cloneNode(true);

// What this browser keeps. Storage may be full or switched off: then `keep` says no.
const draftsOf = (key) => `draft:${person}:${form.dataset.kind ?? "sheet"}:${key}`;
const drafts = {
  read(key) {
    try {
      const draft = JSON.parse(localStorage.getItem(draftsOf(key)));
      if (draft && Date.now() - draft.at > DAYS_KEPT * 86400000) {
        this.forget(key);
        return null;
      }
      return draft;
    } catch {
      return null;
    }
  },
  keep(key, draft) {
    try {
      localStorage.setItem(draftsOf(key), JSON.stringify({ ...draft, at: Date.now(), path: location.pathname, title }));
      return true;
    } catch {
      return false;
    }
  },
  forget(key) {
    try {
      localStorage.removeItem(draftsOf(key));
    } catch {}
  },
};

function moment(at) {
  const when = new Date(at);
  const time = when.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const day = when.toLocaleDateString("en-GB", { day: "numeric", month: "long" });
  return when.toDateString() === new Date().toDateString() ? `at ${time}` : `on ${day} at ${time}`;
}

let state = ""; // "unreachable", "signed-out" or "refused": why nothing can be saved at the moment

class Item {
  constructor(element) {
    this.element = element;
    this.key = element.dataset.item;
    this.prefix = element.dataset.prefix;
    this.status = element.querySelector(".portal-saved");
    this.stored = JSON.parse(element.dataset.stored);
    this.sent = null; // what no answer has come for
    this.refused = null; // what the portal would not take
    this.problem = "";
    this.isHeld = false; // until the person has chosen between two values
    this.isKept = true;
    this.since = 0;
  }

  field(name) {
    return form.elements.namedItem(`${this.prefix}-${name}`);
  }

  // As the portal would store it, so that both can be compared.
  read() {
    const values = {};
    for (const name of NAMES) {
      values[name] = this.field(name)?.value.replace(/\r\n?/g, "\n").trim() ?? this.stored.values[name];
    }
    return values.choice === "NOT_APPLICABLE" ? values : { ...values, reason: "" };
  }

  fill(values) {
    for (const name of NAMES) {
      const field = this.field(name);
      if (field instanceof RadioNodeList) {
        for (const radio of field) {
          radio.checked = radio.value === values[name];
        }
      } else if (field && field.value !== values[name]) {
        field.value = values[name];
      }
    }
    const details = this.element.querySelector(".score-extra");
    if (details && values.comment) {
      details.open = true;
    }
  }

  get isChanged() {
    return !same(this.read(), this.stored.values);
  }

  get isToSend() {
    return !this.isHeld && (this.sent !== null || (this.isChanged && !(this.refused && same(this.refused, this.read()))));
  }

  say(text, isSaved = false) {
    if (this.status.textContent !== text) {
      this.status.textContent = text;
    }
    this.status.classList.toggle("portal-saved--not", !isSaved && text !== WAITING);
    this.status.classList.toggle("portal-saved--waiting", text === WAITING);
  }

  get name() {
    return this.element.querySelector(".score-item__code, .portal-card__heading").textContent.trim();
  }

  // Keep what differs from what is stored, forget what does not, and say which it is.
  settle() {
    const values = this.read();
    if (this.sent === null && same(values, this.stored.values)) {
      drafts.forget(this.key);
      this.isKept = true;
      this.since = 0;
      this.say(this.stored.saved ? `Saved ${this.stored.saved}` : "", true);
      return;
    }
    this.since ||= Date.now();
    this.showTyped?.(values);
    this.isKept = this.keep(values);
    const isRefused = this.isHeld || (this.refused && same(this.refused, values));
    const problem = isRefused ? this.problem : PROBLEMS[state];
    this.say(problem ? `Not saved: ${problem}` : WAITING);
  }

  keep(values) {
    const { sent, stored } = this;
    return drafts.keep(this.key, { values, sent, version: stored.version, words: this.inWords(values) });
  }

  addTo(body) {
    this.sent ??= { values: this.read(), version: this.stored.version, shown: this.stored.shown };
    for (const name of NAMES) {
      body.set(`${this.prefix}-${name}`, this.sent.values[name]);
    }
    body.set(`${this.prefix}-based_on`, this.sent.version);
    body.set(`${this.prefix}-shown`, this.sent.shown);
    this.settle();
  }

  answered(answer) {
    const { values } = this.sent;
    this.sent = null;
    if (answer.stored) {
      this.problem = answer.problem;
      this.conflict(this.read(), answer.stored);
    } else if (answer.problem) {
      this.refused = values;
      this.problem = answer.problem;
    } else {
      this.problem = "";
      this.take({ values, ...answer });
    }
    this.settle();
  }

  take(stored) {
    this.stored = stored;
    this.refused = null;
    this.field("based_on").value = stored.version;
    this.field("shown").value = stored.shown;
    if (stored.earlier && !this.element.querySelector("[data-earlier]")) {
      const earlier = document.createElement("p");
      earlier.className = "score-item__earlier";
      earlier.dataset.earlier = "";
      earlier.textContent = stored.earlier;
      this.element.append(earlier);
    }
  }

  // Two values: neither goes anywhere before the person has chosen.
  conflict(typed, stored) {
    this.isHeld = true;
    this.problem ||= "it was changed in another tab or on another device";
    this.element.querySelectorAll("[data-conflict-notice], .score-restored").forEach((each) => each.remove());
    const shown = template("conflict");
    showWords(shown.querySelector("[data-words='stored']"), this.inWords(stored.values));
    this.showTyped = (values) => showWords(shown.querySelector("[data-words='typed']"), this.inWords(values));
    this.showTyped(typed);
    this.fill(typed);
    this.element.querySelector("[data-levels]").closest(".portal-levels").before(shown);
    const decide = () => {
      shown.remove();
      this.showTyped = null;
      this.isHeld = false;
      this.problem = "";
      this.take(stored);
      const chosen = this.element.querySelector("[data-levels] input:checked, [data-levels] input");
      chosen.focus({ preventScroll: true });
    };
    shown.querySelector("[data-keep='typed']").addEventListener("click", () => {
      decide();
      this.settle();
      soon(0);
    });
    shown.querySelector("[data-keep='stored']").addEventListener("click", () => {
      this.fill(stored.values);
      decide();
      this.settle();
    });
  }

  // With labels in place of what stands for them.
  inWords(values) {
    const label = (name) => {
      const radio = [...(this.field(name) ?? [])].find((each) => each.value === values[name]);
      return radio?.labels[0].textContent.replace(/\s+/g, " ").trim() ?? values[name];
    };
    return { ...values, choice: values.choice && label("choice"), confidence: values.confidence && label("confidence") };
  }

  // What was left here before the portal had it.
  restore() {
    if (this.element.hasAttribute("data-conflict")) {
      this.conflict(this.read(), this.stored);
      this.settle();
      return false;
    }
    if (this.isChanged) {
      // The portal has just refused this, and says why on the page.
      this.refused = this.read();
      this.isKept = this.keep(this.refused);
      return false;
    }
    const draft = drafts.read(this.key);
    if (!draft || same(draft.values, this.stored.values)) {
      drafts.forget(this.key);
      return false;
    }
    const wasTaken =
      draft.sent && same(draft.sent.values, this.stored.values) && draft.sent.version + 1 === this.stored.version;
    if (draft.version === this.stored.version || wasTaken) {
      const before = this.stored.values;
      this.fill(draft.values);
      this.sent = wasTaken ? null : draft.sent;
      const shown = template("restored");
      shown.querySelector("[data-restored]").textContent =
        `Put back: what you gave here ${moment(draft.at)} had not reached the portal.`;
      this.element.querySelector("[data-foot]").before(shown);
      shown.querySelector("[data-keep='stored']").addEventListener("click", () => {
        this.fill(before);
        shown.remove();
        this.settle();
        soon(0);
      });
    } else {
      this.conflict(draft.values, this.stored);
    }
    this.settle();
    return true;
  }
}

function showWords(list, { choice, reason, confidence, comment }) {
  const parts = [
    ["Your choice", choice || "none"],
    ["Why it is not applicable", reason],
    ["How sure", confidence],
    ["Your comment", comment],
  ];
  list.replaceChildren();
  for (const [label, text] of parts.filter(([, words]) => words)) {
    const term = document.createElement("dt");
    const description = document.createElement("dd");
    term.textContent = label;
    description.textContent = text;
    description.className = "score-words__typed";
    list.append(term, description);
  }
}

const items = [...form.querySelectorAll("[data-item]")].map((element) => new Item(element));
const itemOf = (element) => items.find((item) => item.element === element.closest("[data-item]"));

let timer = 0;
let sending = null;
let failures = 0;
let here; // the item that the person is in

function tell(next, problem = "") {
  if (next === state && !problem) {
    return;
  }
  if (state !== next) {
    said.textContent = "";
  }
  state = next;
  items.filter((item) => item.since).forEach((item) => item.settle());
  notice.replaceChildren();
  if (!next) {
    return;
  }
  const shown = template(next);
  const reason = shown.querySelector("[data-problem]");
  const link = shown.querySelector("a[data-sign-in]");
  if (reason) {
    reason.textContent = problem;
  }
  if (link) {
    link.href = `${form.dataset.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`;
  }
  notice.append(shown);
}

// One voice for all items: what cannot be saved, with why, else what was. While somebody writes on in the same item, it
// is said once.
function announce(batch) {
  const refused = batch.filter((item) => item.problem);
  const saved = batch.length === 1 ? batch[0].name : `${batch.length} items`;
  const words = refused.map((item) => `${item.name} is not saved: ${item.problem}.`).join(" ") || `${saved} saved.`;
  if (said.textContent !== words) {
    said.textContent = words;
  }
}

function soon(milliseconds) {
  clearTimeout(timer);
  const oldest = Math.min(...items.filter((item) => item.since && item.isToSend).map((item) => item.since));
  const latest = Number.isFinite(oldest) ? Math.max(0, oldest + AT_LATEST - Date.now()) : milliseconds;
  timer = setTimeout(send, Math.min(milliseconds, latest));
}

function again() {
  failures += 1;
  clearTimeout(timer);
  timer = setTimeout(send, Math.min(LONGEST_WAIT, 500 * 2 ** failures));
}

function secret() {
  const cookie = document.cookie.split("; ").find((each) => each.startsWith("csrftoken="));
  return cookie?.slice("csrftoken=".length) ?? form.elements.namedItem("csrfmiddlewaretoken").value;
}

function post(body, options = {}) {
  return fetch(location.pathname, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": secret() },
    body,
    signal: AbortSignal.timeout(PATIENCE),
    ...options,
  });
}

function send({ isLeaving = false } = {}) {
  clearTimeout(timer);
  sending ??= deliver(isLeaving).finally(() => {
    sending = null;
  });
  return sending;
}

async function deliver(isLeaving) {
  const batch = items.filter((item) => item.isToSend);
  if (!batch.length) {
    return;
  }
  const body = new FormData();
  body.set("person", person);
  for (const item of batch) {
    item.addTo(body);
  }
  let response;
  let answer;
  try {
    response = await post(body, { keepalive: isLeaving });
    answer = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : {};
  } catch {
    tell("unreachable");
    again();
    return;
  }
  if (response.status >= 500 || response.status === 429) {
    tell("unreachable");
    again();
  } else if (response.status === 401 || response.redirected) {
    tell("signed-out", answer.problem ?? "You are no longer signed in");
  } else if (!response.ok || !answer.items) {
    tell("refused", answer.problem ?? "this page was open too long: load it again, and what you gave is put back");
    batch.forEach((item) => {
      item.refused = item.sent.values;
      item.sent = null;
      item.problem = answer.problem ?? "load this page again";
      item.settle();
    });
  } else {
    failures = 0;
    tell("");
    for (const item of batch) {
      item.answered(answer.items[item.prefix] ?? { problem: "this item is not part of the page any more" });
    }
    announce(batch);
    for (const [name, [scored, asked]] of Object.entries(answer.progress)) {
      document.querySelectorAll(`[data-progress="${name}"]`).forEach((each) => {
        each.textContent = `${scored} of ${asked}`;
      });
    }
    if (items.some((item) => item.isToSend)) {
      soon(AFTER_TYPING);
    }
  }
}

// Send until nothing is left that could be sent, or nothing can be.
async function flush() {
  do {
    await send();
  } while (!state && items.some((item) => item.isToSend));
}

form.addEventListener("input", (event) => {
  const item = itemOf(event.target);
  item?.settle();
  if (item) {
    soon(event.target.type === "radio" ? AFTER_CHOOSING : AFTER_TYPING);
  }
});
form.addEventListener("change", (event) => {
  itemOf(event.target)?.settle();
  soon(AFTER_CHOOSING);
});

form.addEventListener("focusin", (event) => {
  if (itemOf(event.target) !== here) {
    here = itemOf(event.target);
    said.textContent = "";
  }
});

// A flag is set or taken away without leaving the page.
async function flag(button) {
  const isFlagged = button.hasAttribute("data-is-flagged");
  const body = new FormData();
  body.set("person", person);
  body.set(isFlagged ? "unflag" : "flag", button.value);
  const response = await post(body).catch(() => null);
  if (!response?.ok) {
    tell(response?.status === 401 ? "signed-out" : "unreachable", "You are no longer signed in");
    return;
  }
  button.toggleAttribute("data-is-flagged", !isFlagged);
  button.name = isFlagged ? "flag" : "unflag";
  button.querySelector("[data-flag-words]").textContent = isFlagged ? "Flag for later" : "Flagged: take away";
}

let isGoing = false;
form.addEventListener("submit", async (event) => {
  if (event.submitter?.hasAttribute("data-flag")) {
    event.preventDefault();
    flag(event.submitter);
    return;
  }
  if (isGoing || !items.some((item) => item.isToSend)) {
    return;
  }
  event.preventDefault();
  await flush();
  if (state === "signed-out") {
    location.assign(notice.querySelector("a").href);
  } else if (state === "unreachable") {
    notice.tabIndex = -1;
    notice.focus();
  } else {
    isGoing = true;
    form.requestSubmit(event.submitter);
  }
});

addEventListener("online", () => send());
// On leaving, the last words; on coming back, perhaps after signing in elsewhere, what could not be saved before.
document.addEventListener("visibilitychange", () => {
  send({ isLeaving: document.visibilityState === "hidden" });
});
addEventListener("beforeunload", (event) => {
  if (!isGoing && items.some((item) => !item.isKept)) {
    event.preventDefault();
  }
});
addEventListener("pageshow", () => {
  isGoing = false;
});

for (const element of document.querySelectorAll("[data-kept]:not(.score-item--unsaved)")) {
  const key = element.dataset.kept;
  const draft = drafts.read(key);
  if (draft) {
    const shown = template("kept");
    shown.querySelector("[data-restored]").textContent = `What you gave here ${moment(draft.at)} was not saved:`;
    showWords(shown.querySelector("dl"), draft.words);
    shown.querySelector("button").addEventListener("click", () => {
      drafts.forget(key);
      shown.remove();
    });
    element.append(shown);
  }
}
if (items.map((item) => item.restore()).some(Boolean)) {
  send();
}
