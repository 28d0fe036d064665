"use strict";
(() => {
  const root = document.documentElement;
  const form = document.querySelector("form");
  const told = document.querySelector("output");
  const entries = [...document.querySelectorAll("article[data-level]")];

  function show() {
    const words = form.elements.words.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const contract = form.elements.contract.value;
    const levels = new Set([...form.querySelectorAll("input[type=checkbox]:checked")].map((box) => box.value));
    let count = 0;
    for (const entry of entries) {
      const text = entry.textContent.toLowerCase();
      const wanted = levels.has(entry.dataset.level)
        && (contract === "" || entry.dataset.contract === contract)
        && words.every((word) => text.includes(word));
      entry.hidden = !wanted;
      count += wanted ? 1 : 0;
    }
    told.textContent = `${count} of ${entries.length} shown`;
  }

  if (form && entries.length) {
    form.hidden = false;
    form.addEventListener("input", show);
    form.addEventListener("submit", (event) => event.preventDefault());
    show();
  }

  const button = document.querySelector(".theme");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      const now = root.dataset.theme || (dark ? "dark" : "light");
      root.dataset.theme = now === "dark" ? "light" : "dark";
      button.setAttribute("aria-pressed", String(root.dataset.theme === "dark"));
    });
  }
})();
