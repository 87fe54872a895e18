// Starts NHS.UK frontend. Its address comes from the page, because production puts a hash in file names.
const { nhsuk } = document.querySelector("script[data-nhsuk]").dataset;
const { initAll } = await import(nhsuk);

initAll();

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
