// Draws the charts of a page with plotly.js, from the figures that the page carries, in place of the server's pictures.
// The library is fetched only here, and only where the window is wide enough for it: a phone keeps the server's picture.
const script = document.querySelector("script[data-plotly]");
const wide = matchMedia("(min-width: 64rem)");

function fetchLibrary() {
  return new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = script.dataset.plotly;
    tag.addEventListener("load", () => resolve(window.Plotly));
    tag.addEventListener("error", reject);
    document.head.append(tag);
  });
}

// The names at the left lead somewhere, by keyboard, too. plotly.js draws them anew when the chart changes its size.
function linkNames(live, links) {
  for (const [index, href] of Object.entries(links)) {
    const name = live.querySelector(`.annotation[data-index="${index}"] .annotation-text-g`);
    if (name && !name.querySelector("a")) {
      const link = document.createElementNS("http://www.w3.org/2000/svg", "a");
      link.setAttribute("href", href);
      link.append(...name.childNodes);
      name.append(link);
    }
  }
}

async function draw() {
  const Plotly = await fetchLibrary();
  for (const chart of document.querySelectorAll("[data-chart]")) {
    const live = chart.querySelector("[data-chart-live]");
    const { data, layout } = JSON.parse(document.getElementById(chart.dataset.chart).textContent);
    live.hidden = false;
    chart.classList.add("chart--live");
    await Plotly.newPlot(live, data, layout, { responsive: true, displayModeBar: false });
    linkNames(live, layout.meta.links);
    live.on("plotly_afterplot", () => linkNames(live, layout.meta.links));
  }
}

// Without the library the server's pictures stay.
if (wide.matches) {
  draw();
} else {
  wide.addEventListener("change", draw, { once: true });
}
