/* The second wording: saved with the post while it is typed; its length and problems stand under it. Without this file its button saves it. */
(() => {
  "use strict";
  const root = document.getElementById("composer");
  const text = document.getElementById("twin-text");
  if (!root || !text) return;
  const byId = (id) => document.getElementById(id);
  const over = byId("words").dataset.over;
  const item = (name, className, words) => {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = words;
    return made;
  };

  byId("twin-save").hidden = true;
  byId("twin-form").addEventListener("submit", (event) => event.preventDefault());
  text.addEventListener("input", () => root.dispatchEvent(new CustomEvent("composer:typed")));

  root.addEventListener("composer:checked", ({ detail: { check, shown } }) => {
    const written = text.value.trim() ? shown.filter((one) => check[one.id]) : [];
    byId("twin-counters").replaceChildren(...written.filter((one) => check[one.id].second).map((one) => {
      const size = check[one.id].second;
      const near = size.left < size.limit / 10 ? " is-near" : "";
      const made = item("span", size.left < 0 ? "counter is-over" : `counter${near}`, `${shown.length > 1 ? `${one.name} ` : ""}${size.used}/${size.limit}`);
      if (size.left < 0) made.append(item("span", "sr-only", ` ${over}`));
      return made;
    }));
    const told = new Map();
    for (const one of written) {
      for (const found of check[one.id].problems.filter((problem) => problem.field === "twin")) {
        const words = `${found.message} ${found.remedy}`;
        told.set(words, { stops: found.stops, names: [...((told.get(words) || {}).names || []), one.name] });
      }
    }
    byId("twin-problems").replaceChildren(...[...told].map(([words, { stops, names }]) =>
      item("li", stops ? "problem stops tone-bad" : "problem warns tone-warn", shown.length > 1 ? `${names.join(", ")}: ${words}` : words)));
  });
})();
