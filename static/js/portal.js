// Starts the parts of NHS.UK frontend that these pages use. Its address comes from the page, because production puts
// a hash in file names.
//
// Left out on purpose: its radios and checkboxes put aria-expanded on inputs, which may not have it (what a choice
// reveals is shown by the stylesheet instead), and its file upload names its button other than it reads.
const { nhsuk } = document.querySelector("script[data-nhsuk]").dataset;
const frontend = await import(nhsuk);

for (const component of ["Button", "CharacterCount", "ErrorSummary", "Header", "NotificationBanner", "PasswordInput", "SkipLink"]) {
  frontend.createAll(frontend[component]);
}

// A scroll region that does not overflow needs no stop on the way of the tab key.
function adjustRegions() {
  for (const region of document.querySelectorAll("[data-scroll-region]")) {
    if (region.scrollWidth > region.clientWidth) {
      region.tabIndex = 0;
    } else {
      region.removeAttribute("tabindex");
    }
  }
}

adjustRegions();
addEventListener("resize", adjustRegions);
// What opens may hold one.
addEventListener("toggle", adjustRegions, true);

// On paper nothing is folded; what was, is again afterwards.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll(".portal-fold:not([open])")];
  opened.forEach((fold) => (fold.open = true));
});
addEventListener("afterprint", () => opened.forEach((fold) => (fold.open = false)));

// An address may lead to something that is folded away.
function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  let fold = target?.closest("details:not([open])");
  while (fold) {
    fold.open = true;
    fold = fold.parentElement.closest("details:not([open])");
    target.scrollIntoView();
  }
}

unfold();
addEventListener("hashchange", unfold);
