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

function goOn(from) {
  const next = items[items.indexOf(from) + 1];
  const target = next
    ? next.querySelector("[data-levels] input:checked") ?? next.querySelector("[data-levels] input")
    : form.querySelector("[data-main]");
  target.focus({ preventScroll: true });
  (next ?? target).scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (keysOff || event.ctrlKey || event.altKey || event.metaKey || !/^[0-9]$/.test(event.key)) {
    return;
  }
  const item = itemForKeys();
  const level = item && levelsOf(item).find((input) => input.value === event.key);
  if (!level || level.disabled) {
    return;
  }
  event.preventDefault();
  level.checked = true;
  level.dispatchEvent(new Event("change", { bubbles: true }));
  goOn(item);
});
