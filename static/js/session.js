// Warns before the sign-in runs out, keeps it at one key press, and clears what this browser keeps when somebody signs
// out. The portal knows the time; this clock only counts what is left of it.

const { person, seconds, time: address, signIn } = document.querySelector("script[data-person]").dataset;
const dialog = document.querySelector("[data-sign-in-time]");
const WARNING = 5 * 60 * 1000;

const part = (name) => dialog.querySelector(`[data-${name}]`);
let ends = Date.now() + Number(seconds) * 1000;
let timer = 0;

function clock(at) {
  return new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
}

function show(heading, text, { isOver }) {
  part("heading").textContent = heading;
  part("text").textContent = text;
  part("stay").hidden = isOver;
  part("again").hidden = part("close").hidden = !isOver;
  part("again").href = `${signIn}?next=${encodeURIComponent(location.pathname + location.search)}`;
  if (!dialog.open) {
    dialog.showModal();
  }
  part(isOver ? "again" : "stay").focus();
}

async function ask(method) {
  const token = document.cookie.split("; ").find((each) => each.startsWith("csrftoken="))?.slice(10) ?? "";
  const response = await fetch(address, { method, headers: { Accept: "application/json", "X-CSRFToken": token } });
  if (response.status === 401) {
    ends = 0;
  } else if (response.ok) {
    ends = Date.now() + (await response.json()).seconds_left * 1000;
  }
}

function watch() {
  clearTimeout(timer);
  const left = ends - Date.now();
  timer = setTimeout(look, left > WARNING ? Math.min(left - WARNING, 2 ** 31 - 1) : Math.max(left, 0));
}

// Another tab, or work on this page, may have begun the time anew: the portal is asked before anybody is troubled.
async function look() {
  try {
    await ask("GET");
  } catch {}
  const left = ends - Date.now();
  if (left > WARNING) {
    dialog.close();
    watch();
  } else if (left > 0) {
    const minutes = Math.max(1, Math.round(left / 60000));
    show(
      `You will be signed out at ${clock(ends)}`,
      `That is in ${minutes} minute${minutes === 1 ? "" : "s"}. Press the button, or the Enter key, to stay signed in.`,
      { isOver: false },
    );
    watch();
  } else {
    show(
      "You have been signed out",
      "Nothing on this page is lost. If you have filled in a form, send it all the same: it is kept until you have signed in again.",
      { isOver: true },
    );
  }
}

if (dialog && seconds) {
  part("stay").addEventListener("click", async () => {
    try {
      await ask("POST");
    } catch {}
    dialog.close();
    if (ends - Date.now() > WARNING) {
      watch();
    } else {
      look();
    }
  });
  part("close").addEventListener("click", () => dialog.close());
  // A device that slept has not counted.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && ends - Date.now() <= WARNING && !dialog.open) {
      look();
    }
  });
  watch();
}

// What was given while scoring and has not reached the portal is this person's, and leaves the device with them.
function drafts() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(`draft:${person}:`));
  } catch {
    return [];
  }
}

document.querySelector("[data-sign-out]")?.addEventListener("submit", (event) => {
  const kept = drafts();
  const what = kept.length === 1 ? "One score has" : `${kept.length} scores have`;
  if (kept.length && !confirm(`${what} not reached the portal yet. Signing out removes what this device keeps of it.`)) {
    event.preventDefault();
    return;
  }
  kept.forEach((key) => localStorage.removeItem(key));
});

// On other pages: where to go so that it is sent.
const main = document.getElementById("maincontent");
if (main && !document.querySelector("[data-scoring]")) {
  const kept = drafts().map((key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  });
  const pages = new Map(kept.filter((draft) => draft?.path && draft.title).map((draft) => [draft.path, draft.title]));
  if (pages.size) {
    const notice = document.createElement("div");
    notice.className = "portal-notice portal-notice--amber";
    const said = document.createElement("p");
    said.className = "portal-notice__heading";
    said.textContent = "This device keeps scores that have not reached the portal. Open the page, and they are sent:";
    notice.append(said);
    for (const [path, title] of pages) {
      const line = document.createElement("p");
      const link = document.createElement("a");
      line.className = "portal-notice__text";
      link.href = path;
      link.textContent = title;
      line.append(link);
      notice.append(line);
    }
    main.prepend(notice);
  }
}
