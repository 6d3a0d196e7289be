/* What a post will cost on each channel, and the forms that cost less. A form is put in the place of the channel's text; what stood there is kept
   and comes back with one press, so that no word is lost. */
(() => {
  "use strict";
  const root = document.getElementById("composer");
  if (!root) return;
  const template = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
  const open = new Set();

  /* What stood in a channel's text, by channel, as long as the tab lives: `back` comes back with one press, `again` is what that replaced. */
  const kept = {
    read(key) { try { return JSON.parse(sessionStorage.getItem(key)) || { back: [], again: [] }; } catch { return { back: [], again: [] }; } },
    write(key, value) { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* a full store: the shared text is still there */ } },
  };

  async function use(told, name) {
    if (!(await told.settled())) return;
    const form = ((told.told().cost || {}).forms || []).find((one) => one.name === name);
    if (!form) return;
    const was = kept.read(told.kept);
    kept.write(told.kept, { back: [...was.back, ...was.again, told.one.segments], again: [] });
    told.put(structuredClone(form.segments));
  }
  function swap(told) {
    const { back, again } = kept.read(told.kept);
    const from = back.length ? back : again;
    const brought = from.pop();
    (from === back ? again : back).push(told.one.segments);
    kept.write(told.kept, { back, again });
    told.put(brought);
  }
  function drawForms(body, cost, told) {
    const place = body.querySelector(".cost-forms");
    place.hidden = !told.writing || !cost.forms.length;
    place.querySelector("ul").replaceChildren(...cost.forms.map((form) => {
      const item = template("cost-form-template");
      const button = item.querySelector("button");
      button.textContent = form.label;
      button.dataset.form = form.name;
      button.addEventListener("click", () => use(told, form.name));
      item.querySelector("span").textContent = form.saves;
      return item;
    }));
  }
  function drawUndo(body, told) {
    const { back, again } = kept.read(told.kept);
    const place = body.querySelector(".cost-undo");
    place.hidden = !told.writing || !(back.length || again.length);
    const words = place.querySelector("span");
    words.textContent = back.length ? words.dataset.back : words.dataset.again;
    place.querySelector("button").addEventListener("click", () => swap(told));
  }
  root.addEventListener("composer:cost", ({ detail: told }) => {
    const { cost, crowd, cap } = told.told();
    const body = template("cost-template");
    for (const [name, text] of [[".cost-crowd", crowd], [".cost-cap", cap]]) {
      body.querySelector(name).hidden = !text;
      body.querySelector(`${name} span`).textContent = text || "";
    }
    const what = body.querySelector("details");
    what.hidden = !cost;
    if (cost) {
      what.querySelector("strong").textContent = cost.total;
      what.querySelector("ul").replaceChildren(...cost.charges.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
      what.open = open.has(told.one.id);
      /* not on "toggle", which comes later: the card may be drawn anew before */
      what.querySelector("summary").addEventListener("click", () => { if (what.open) open.delete(told.one.id); else open.add(told.one.id); });
      drawForms(body, cost, told);
    }
    drawUndo(body, told);
    const place = told.card.querySelector(".cost");
    const focused = place.contains(document.activeElement) ? document.activeElement.dataset.form || document.activeElement.tagName : null;
    place.replaceChildren(body);
    place.hidden = ![...body.children].some((one) => !one.hidden);
    if (focused) (place.querySelector(`[data-form="${focused}"]`) || place.querySelector(focused === "SUMMARY" ? "summary" : ".cost-undo:not([hidden]) button") || place.querySelector("summary"))?.focus({ preventScroll: true });
  });
  root.addEventListener("composer:total", ({ detail: total }) => {
    const place = document.getElementById("cost-total");
    place.hidden = !total;
    place.querySelector("strong").textContent = total || "";
  });
})();
