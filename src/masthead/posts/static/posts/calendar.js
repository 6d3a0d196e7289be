/* The calendar: a scheduled publication goes to another day by dragging, or by Shift and an arrow key. It keeps its time of day. */
(() => {
  "use strict";
  const place = document.getElementById("calendar");
  const told = document.getElementById("move-told");
  const words = document.getElementById("move-words")?.dataset;
  if (!place || !words) return;
  const WAIT = 900;
  const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  const say = (text) => { told.textContent = text; };
  const movable = (target) => target.closest?.("[data-move]");
  const dayOf = (item) => item.closest(".month-day");
  let held = null;

  async function send(item, day) {
    const body = new URLSearchParams({ publish_at: `${day.dataset.date}T${item.dataset.time}` });
    const headers = { Accept: "application/json", "X-CSRFToken": window.masthead.csrf() };
    try {
      const answer = await fetch(item.dataset.move, { method: "POST", headers, body, redirect: "error" });
      const said = (answer.headers.get("Content-Type") || "").includes("json") ? (await answer.json()).told : words.failed;
      return [answer.ok, said];
    } catch { return [false, words.failed]; }
  }
  /* The server's picture replaces ours, whether it worked or not; the focus stays on the publication. */
  async function redraw(id, focus) {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      const fresh = page.getElementById("calendar");
      if (fresh) place.replaceChildren(...fresh.children);
    } catch { location.reload(); }
    if (focus) document.getElementById(id)?.focus();
  }
  async function move(item, day, focus) {
    const [done, said] = await send(item, day);
    window.masthead.toast(done ? `${said} ${day.dataset.spoken}, ${item.dataset.time}` : said, done ? "ok" : "bad");
    await redraw(item.id, focus);
  }

  /* By mouse */
  let dragged = null;
  const over = () => place.querySelectorAll(".is-over").forEach((one) => one.classList.remove("is-over"));
  const target = (event) => dragged && event.target.closest?.(".month-day[data-date]");
  place.addEventListener("dragstart", (event) => {
    dragged = movable(event.target);
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.title);
    dragged.classList.add("is-held");
  });
  place.addEventListener("dragend", () => { dragged?.classList.remove("is-held"); dragged = null; over(); });
  place.addEventListener("dragover", (event) => {
    const day = target(event);
    over();
    if (!day || day === dayOf(dragged)) return;
    event.preventDefault();
    day.classList.add("is-over");
  });
  place.addEventListener("drop", (event) => {
    const day = target(event);
    if (!day || day === dayOf(dragged)) return;
    event.preventDefault();
    const item = dragged;
    put(item, day);
    move(item, day, false);
  });

  /* By keyboard: the item travels at once, and is sent when the keys rest */
  const put = (item, day) => day.querySelector("ul").append(item.closest("li"));
  const days = () => [...place.querySelectorAll(".month-day")];
  function step(item, by) {
    const all = days();
    const day = all[all.indexOf(dayOf(item)) + by];
    if (!day?.dataset.date) { say(words.past); return; }
    held = held?.item === item ? held : { item, from: dayOf(item) };
    clearTimeout(held.timer);
    put(item, day);
    item.classList.add("is-moved");
    item.focus();
    say(`${words.held} ${day.dataset.spoken}, ${item.dataset.time}. ${words.soon}`);
    held.timer = setTimeout(settle, WAIT);
  }
  function settle() {
    if (!held) return;
    const { item, from, timer } = held;
    held = null;
    clearTimeout(timer);
    item.classList.remove("is-moved");
    if (dayOf(item) !== from) move(item, dayOf(item), document.activeElement === item);
  }
  function back() {
    const { item, from, timer } = held;
    held = null;
    clearTimeout(timer);
    put(item, from);
    item.classList.remove("is-moved");
    item.focus();
    say(words.back);
  }
  place.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && held) { event.preventDefault(); back(); return; }
    const item = movable(event.target);
    if (!item || !event.shiftKey || !(event.key in STEPS)) return;
    event.preventDefault();
    if (held && held.item !== item) settle();
    step(item, STEPS[event.key]);
  });
  addEventListener("pagehide", settle);
})();
