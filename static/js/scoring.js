// Makes the scoring page quicker: number keys choose a level and move on. Everything works without it.

const OFF = "scoring-keys-off";
const form = document.querySelector("[data-scoring]");
const items = [...form.querySelectorAll("[data-item]")];

// Storage may be switched off in the browser; then the choice lasts as long as the page.
let keysOff = false;
try {
  keysOff = localStorage.getItem(OFF) === "1";
} catch {}

const hint = form.querySelector("[data-keys]");
const toggle = form.querySelector("[data-keys-switch]");

function showKeys() {
  hint.hidden = keysOff;
  toggle.textContent = keysOff ? "Switch number keys on" : "switch off";
}

if (hint && toggle) {
  toggle.hidden = false;
  showKeys();
  toggle.addEventListener("click", () => {
    keysOff = !keysOff;
    try {
      localStorage.setItem(OFF, keysOff ? "1" : "0");
    } catch {}
    showKeys();
  });
}

function levelsOf(item) {
  return [...item.querySelectorAll(".portal-levels__option:not(.portal-levels__option--apart) input")];
}

function isScored(item) {
  return item.querySelector("[data-levels] input:checked") !== null;
}

function isTyping(element) {
  return element.matches("textarea, select, input:not([type='radio'])");
}

// The item that a key is meant for: the one with the focus, else the first without a level. While the focus is on
// something else, such as a link, keys are left alone. The banner that says what was saved, and the page's beginning
// after the skip link, have the focus only to be read from there.
function itemForKeys() {
  const active = document.activeElement;
  if (!active || active === document.body || active.tabIndex < 0) {
    return items.find((item) => !isScored(item));
  }
  return isTyping(active) ? undefined : items.find((item) => item.contains(active));
}

function focusOn(item, preferred) {
  const target = preferred ?? item.querySelector("[data-levels] input:checked") ?? item.querySelector("[data-levels] input");
  target.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}

function goOn(from) {
  const next = items[items.indexOf(from) + 1];
  if (next) {
    focusOn(next);
  } else {
    form.querySelector("[data-main]").focus();
  }
}

function choose(item, value) {
  const level = [...item.querySelectorAll("[data-levels] input")].find((input) => input.value === value);
  if (!level || level.disabled) {
    return false;
  }
  level.checked = true;
  level.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

// What a key does to the item that it is meant for; each says whether it did anything.
const KEYS = {
  c: (item) => choose(item, "CANNOT_JUDGE") && (goOn(item), true),
  n: (item) => choose(item, "NOT_APPLICABLE") && (item.querySelector(".score-reason textarea").focus(), true),
  f: (item) => (item.querySelector("[data-flag]")?.click(), true),
  u: (item) => {
    const here = items.indexOf(item);
    const next = [...items.slice(here + 1), ...items.slice(0, here + 1)].find((each) => !isScored(each));
    focusOn(next ?? item);
    return true;
  },
};
const IN_A_LIST = {
  ArrowDown: (item) => move(item, 1),
  ArrowUp: (item) => move(item, -1),
};

// Up and down keep to the column; left and right stay the browser's own.
function move(from, step) {
  const to = items[items.indexOf(from) + step];
  if (to) {
    const inputs = (item) => [...item.querySelectorAll("[data-levels] input")];
    focusOn(to, inputs(to)[inputs(from).indexOf(document.activeElement)]);
  }
  return true;
}

document.addEventListener("keydown", (event) => {
  if (keysOff || event.ctrlKey || event.altKey || event.metaKey || event.target.closest?.("dialog")) {
    return;
  }
  const item = itemForKeys();
  if (!item) {
    return;
  }
  const isDigit = /^[0-9]$/.test(event.key) && levelsOf(item).some((input) => input.value === event.key);
  const act = KEYS[event.key.toLowerCase()] ?? (form.dataset.kind === "list" && isRadio() ? IN_A_LIST[event.key] : null);
  if (isDigit ? choose(item, event.key) && (goOn(item), true) : act?.(item)) {
    event.preventDefault();
  }
});

function isRadio() {
  return document.activeElement?.matches("[data-levels] input");
}
