// Works a trial out as soon as something is chosen, without leaving the page. Without it, a button does the same.

const form = document.querySelector("[data-trial]");
let asked = null;

async function workOut() {
  asked?.abort();
  const mine = (asked = new AbortController());
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), signal: mine.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const after = page.querySelector("[data-trial]");
    if (answer.ok && after) {
      show(page, after);
      history.replaceState(null, "", answer.url);
    }
  } catch (error) {
    // Where the portal does not answer, the button says so; a change that came since is worked out already.
    if (error.name !== "AbortError" && !(error instanceof TypeError)) {
      throw error;
    }
  } finally {
    if (asked === mine) {
      form.removeAttribute("aria-busy");
    }
  }
}

function show(page, after) {
  for (const part of document.querySelectorAll("[data-refresh]")) {
    const fresh = page.querySelector(`[data-refresh="${part.dataset.refresh}"]`);
    part.replaceChildren(...(fresh ? fresh.childNodes : []));
  }
  form.action = after.action;
  for (const name of ["tried", "case"]) {
    form.elements.namedItem(name).value = after.elements.namedItem(name).value;
  }
  refreshItems(after);
}

// What was typed keeps its place and its focus; of each item only its evidence is drawn anew, and a free one is added.
function refreshItems(after) {
  const items = form.querySelector("[data-items]");
  for (const fresh of after.querySelectorAll(".trial-item")) {
    const item = document.getElementById(fresh.id);
    if (item) {
      item.querySelector(".portal-chips").replaceWith(fresh.querySelector(".portal-chips"));
    } else {
      items.append(fresh);
    }
  }
}

form?.addEventListener("change", (event) => {
  if (event.target.matches("input[type='radio'], select")) {
    workOut();
  }
});
