// Unfolds a statement's rationale once the answer that is chosen needs one. Without it, the page that comes back does.

for (const item of document.querySelectorAll("[data-median]")) {
  item.addEventListener("change", (event) => {
    if (event.target.type === "radio" && event.target.value !== item.dataset.median) {
      item.querySelector("[data-rationale]").open = true;
    }
  });
}
