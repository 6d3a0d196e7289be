/* The composer: keeps the text in step with the server, and on this device until the server has it. */
(() => {
  "use strict";
  const root = document.getElementById("composer");
  if (!root) return;
  const byId = (id) => document.getElementById(id);
  const state = JSON.parse(byId("post-state").textContent);
  const words = byId("words").dataset;
  const saved = byId("saved");
  const csrf = () => (document.querySelector("input[name=csrfmiddlewaretoken]") || {}).value || "";
  const store = state.kept_as;
  let tab = null;
  let check = state.check;
  let cost = state.cost;
  let dirty = false;
  let running = null;
  let timer = 0;

  const clone = (value) => JSON.parse(JSON.stringify(value));
  const channel = (id) => state.channels.find((one) => one.id === id);
  const chosen = () => state.channels.filter((one) => one.chosen);
  const current = () => (tab && channel(tab).segments) || state.segments;
  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const avatar = (id) => document.querySelector(`template[data-avatar="${id}"]`).content.cloneNode(true);

  /* Saving */
  const payload = () => ({
    version: state.version, title: byId("title").value, language: byId("language").value, segments: state.segments,
    wanted_at: (byId("publish_at") || {}).value || state.wanted_at,
    twin: (byId("twin-text") || {}).value,
    channels: Object.fromEntries(chosen().map((one) => [one.id, { segments: one.segments, options: one.options }])),
  });
  const keepHere = () => {
    try { localStorage.setItem(store, JSON.stringify(payload())); } catch { /* a full or closed store must not stop typing */ }
  };
  const changed = (wait = 500) => {
    if (!state.writing) return;
    dirty = true;
    keepHere();
    drawPreviews();
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };
  async function save() {
    if (running) { await running; if (!dirty) return true; }
    running = send();
    const done = await running;
    running = null;
    return done;
  }
  async function send(force) {
    dirty = false;
    saved.textContent = saved.dataset.saving;
    const body = payload();
    if (force) delete body.version;
    let answer;
    try {
      answer = await fetch(state.save, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
        body: JSON.stringify(body), redirect: "manual" });
    } catch { return failed(); }
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) { dirty = true; saved.textContent = saved.dataset.denied; return false; }
    const told = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
    if (answer.status === 409) return conflict(told);
    if (answer.status === 400) { saved.textContent = `${saved.dataset.refused} ${told.title} ${told.remedy}`; dirty = true; return false; }
    if (!answer.ok) return failed();
    state.version = told.version;
    check = told.check;
    cost = told.cost;
    saved.textContent = saved.dataset.saved;
    if (!dirty) localStorage.removeItem(store);
    drawChecks();
    return true;
  }
  function failed() {
    dirty = true;
    saved.textContent = saved.dataset.failed;
    clearTimeout(timer);
    timer = setTimeout(save, 5000);
    return false;
  }
  function conflict() {
    saved.textContent = saved.dataset.conflict;
    byId("conflict").hidden = false; /* it is announced; the focus stays, or the next space typed would press a button */
    return false;
  }
  byId("conflict-theirs").addEventListener("click", () => { localStorage.removeItem(store); location.reload(); });
  byId("conflict-mine").addEventListener("click", async () => { if (await send(true)) byId("conflict").hidden = true; });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); /* a page kept by the browser knows an old version */
  addEventListener("online", () => { if (dirty) save(); });
  addEventListener("pagehide", () => {
    if (!dirty || !state.writing) return;
    fetch(state.save, { method: "POST", keepalive: true, headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() }, body: JSON.stringify(payload()) }).catch(() => {});
  });
  function recover() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(store) || "null"); } catch { kept = null; }
    if (!kept || !state.writing) return;
    const second = byId("twin-text") || { value: kept.twin };
    const differs = (kept.twin ?? second.value) !== second.value || JSON.stringify(kept.segments) !== JSON.stringify(state.segments) || kept.title !== state.title ||
      chosen().some((one) => kept.channels[one.id] && JSON.stringify(kept.channels[one.id].segments) !== JSON.stringify(one.segments));
    if (!differs) { localStorage.removeItem(store); return; }
    state.segments = kept.segments;
    state.title = kept.title;
    second.value = kept.twin ?? second.value;
    for (const one of state.channels) {
      const mine = kept.channels[one.id];
      one.chosen = Boolean(mine);
      if (mine) { one.segments = mine.segments; one.options = mine.options; }
    }
    if (kept.version !== state.version) conflict(); else { byId("recovered").hidden = false; changed(50); }
  }

  /* Drawing */
  function drawChannels() {
    const place = byId("channels");
    place.replaceChildren();
    byId("no-channels").hidden = state.channels.length > 0;
    for (const one of state.channels) {
      const label = element("label", "channel-chip");
      const box = element("input");
      box.type = "checkbox";
      box.checked = one.chosen;
      box.disabled = !state.writing;
      box.addEventListener("change", () => { one.chosen = box.checked; if (!one.chosen && tab === one.id) tab = null; drawAll(); changed(50); });
      label.append(box, avatar(one.id), element("span", "channel-name", one.name), element("span", "small", one.platform), byId("tick-template").content.cloneNode(true));
      if (one.condition !== "connected") label.append(element("span", "channel-warn", one.condition === "read_only" ? words.ended : words.reconnect));
      place.append(label);
    }
  }
  function drawTabs() {
    const place = byId("tabs");
    const all = [[null, words.shared], ...chosen().map((one) => [one.id, one.name])];
    place.hidden = chosen().length < 2 && !chosen().some((one) => one.segments);
    place.replaceChildren(...all.map(([id, name]) => {
      const button = element("button", "tab", name);
      button.type = "button";
      button.setAttribute("aria-pressed", String(tab === id));
      button.addEventListener("click", () => { tab = id; drawAll(); });
      return button;
    }));
    byId("tab-note").hidden = !(tab && channel(tab).segments);
    byId("tab-shared").hidden = !(tab && !channel(tab).segments);
    byId("make-own").hidden = byId("back-to-shared").hidden = !state.writing;
  }
  byId("make-own").addEventListener("click", () => { channel(tab).segments = clone(state.segments); drawAll(); changed(); });
  byId("back-to-shared").addEventListener("click", () => { channel(tab).segments = null; drawAll(); changed(); });

  function drawSegments() {
    const list = current();
    const shared = Boolean(tab) && !channel(tab).segments;
    byId("segments").replaceChildren(...list.map((part, index) => drawSegment(list, part, index, shared || !state.writing)));
    byId("add-place").hidden = shared || !state.writing || !chosen().every((one) => one.threads > 1);
    drawChecks();
  }
  function drawSegment(list, part, index, locked) {
    const made = byId("segment-template").content.firstElementChild.cloneNode(true);
    const text = made.querySelector("textarea");
    text.id = `segment-${index}`;
    const label = made.querySelector(".label");
    label.htmlFor = text.id;
    label.textContent = list.length > 1 ? `${words.part} ${index + 1}` : words.text;
    text.value = part.text;
    text.readOnly = locked;
    text.addEventListener("input", () => { part.text = text.value; changed(); });
    text.addEventListener("paste", (event) => { if (!locked && event.clipboardData.files.length) { event.preventDefault(); upload(part, event.clipboardData.files); } });
    made.addEventListener("dragover", (event) => { event.preventDefault(); made.classList.add("is-over"); });
    made.addEventListener("dragleave", () => made.classList.remove("is-over"));
    made.addEventListener("drop", (event) => { event.preventDefault(); made.classList.remove("is-over"); if (!locked) upload(part, event.dataTransfer.files); });
    const file = made.querySelector("input[type=file]");
    file.addEventListener("change", () => { upload(part, file.files); file.value = ""; });
    const remove = made.querySelector(".segment-remove");
    remove.hidden = locked || list.length < 2;
    remove.addEventListener("click", () => { list.splice(index, 1); drawAll(); changed(); });
    made.querySelector(".segment-tools").hidden = locked;
    made.querySelector(".upload-note").textContent = notes.get(part) || "";
    drawAttached(made, part, locked);
    drawPoll(made, part, locked);
    return made;
  }
  function drawAttached(made, part, locked) {
    made.querySelector(".attached").replaceChildren(...part.attachments.map((one, place) => {
      const item = byId("attached-template").content.firstElementChild.cloneNode(true);
      const known = state.assets[one.asset] || {};
      const picture = item.querySelector("img");
      const name = item.querySelector(".attached-name");
      picture.src = known.thumb || "";
      picture.hidden = !known.thumb;
      name.hidden = Boolean(known.thumb);
      name.textContent = known.name || "";
      const alt = item.querySelector("textarea");
      alt.value = one.alt;
      alt.readOnly = locked;
      alt.addEventListener("input", () => { one.alt = alt.value; changed(); });
      const remove = item.querySelector("button");
      remove.hidden = locked;
      remove.addEventListener("click", () => { part.attachments.splice(place, 1); drawAll(); changed(); });
      return item;
    }));
  }
  function drawPoll(made, part, locked) {
    const add = made.querySelector(".poll-add");
    const box = made.querySelector(".poll-edit");
    add.hidden = locked || Boolean(part.poll) || !chosen().some((one) => one.polls);
    add.addEventListener("click", () => { part.poll = { options: ["", ""], seconds: 86400, multiple: false }; drawAll(); changed(); });
    box.hidden = !part.poll;
    if (!part.poll) return;
    const options = box.querySelector(".poll-options");
    options.value = part.poll.options.join("\n");
    options.readOnly = locked;
    options.addEventListener("input", () => { part.poll.options = options.value.split("\n"); changed(); });
    const seconds = box.querySelector(".poll-seconds");
    seconds.value = String(part.poll.seconds);
    seconds.addEventListener("change", () => { part.poll.seconds = Number(seconds.value); changed(); });
    const multiple = box.querySelector(".poll-multiple");
    multiple.checked = part.poll.multiple;
    multiple.addEventListener("change", () => { part.poll.multiple = multiple.checked; changed(); });
    box.querySelector(".poll-remove").addEventListener("click", () => { part.poll = null; drawAll(); changed(); });
    for (const one of [seconds, multiple]) one.disabled = locked;
  }
  const uploads = new Set();
  const notes = new WeakMap();
  const noteWords = byId("segment-template").content.querySelector(".upload-note").dataset;
  function note(part, text) {
    notes.set(part, text);
    const made = byId("segments").children[current().indexOf(part)];
    if (made) made.querySelector(".upload-note").textContent = text;
  }
  function upload(part, files) {
    const all = uploadAll(part, [...files]).finally(() => uploads.delete(all));
    uploads.add(all);
  }
  async function uploadAll(part, files) {
    const wrong = [];
    for (const file of files) {
      note(part, noteWords.busy);
      const told = await uploaded(file);
      if (!told.id) { wrong.push(`${file.name}: ${told.title || ""} ${told.detail || ""} ${told.remedy || ""}`.trim()); continue; }
      state.assets[told.id] = { id: told.id, kind: told.kind, alt: told.alt, name: told.name, thumb: told.thumb_url };
      part.attachments.push({ asset: told.id, alt: told.alt || "", focus: null });
      drawAll();
      changed(50);
    }
    note(part, wrong.join(" "));
    return !wrong.length;
  }
  async function uploaded(file) {
    const form = new FormData();
    form.append("file", file);
    try {
      const answer = await fetch(state.upload, { method: "POST", headers: { "X-CSRFToken": csrf(), Accept: "application/json" }, body: form, redirect: "error" });
      const told = await answer.json();
      return answer.ok ? told : { ...told, id: null };
    } catch { return { title: noteWords.failed }; }
  }
  function drawSettings() {
    const place = byId("settings");
    place.replaceChildren();
    for (const one of tab ? [channel(tab)] : chosen()) {
      if (!one.settings.length) continue;
      const group = element("details", "more");
      group.append(element("summary", "", `${words.options} ${one.name}`));
      const unset = one.settings.some((setting) => setting.required && !(one.options[setting.name] ?? setting.default));
      group.open = one.settingsOpen ?? unset;
      group.addEventListener("toggle", () => { one.settingsOpen = group.open; });
      for (const setting of one.settings) group.append(drawSetting(one, setting));
      place.append(group);
    }
  }
  function drawSetting(one, setting) {
    const label = element("label", "label", setting.required ? `${setting.label} *` : setting.label);
    const field = element(setting.kind === "choice" ? "select" : "input", setting.kind === "choice" ? "select" : setting.kind === "flag" ? "" : "input");
    const value = one.options[setting.name] ?? setting.default;
    if (setting.kind === "flag") { field.type = "checkbox"; field.checked = Boolean(value); }
    for (const [key, name] of setting.kind === "choice" ? setting.choices : []) field.append(new Option(name, key, false, key === value));
    if (setting.kind !== "flag" && setting.kind !== "choice") field.value = value || "";
    field.disabled = !state.writing;
    field.required = Boolean(setting.required);
    field.addEventListener("input", () => { one.options[setting.name] = setting.kind === "flag" ? field.checked : field.value; changed(); });
    label.append(" ", field);
    if (setting.help) label.append(element("span", "muted", setting.help));
    const wrong = element("ul", "problems");
    wrong.id = `problems-${one.id}-${setting.name}`;
    wrong.dataset.setting = setting.name;
    wrong.dataset.channel = one.id;
    field.setAttribute("aria-describedby", wrong.id);
    const box = element("div", "setting");
    box.append(label, wrong);
    return box;
  }
  function drawPreviews() {
    byId("no-preview").hidden = chosen().length > 0;
    byId("previews").replaceChildren(...chosen().map((one) => {
      const made = byId("preview-template").content.firstElementChild.cloneNode(true);
      made.dataset.channel = one.id;
      made.querySelector(".preview-avatar").append(avatar(one.id));
      made.querySelector(".preview-name").textContent = one.name;
      made.querySelector(".preview-platform").textContent = `${one.handle} · ${one.platform}`;
      made.querySelector(".preview-parts").replaceChildren(...(one.segments || state.segments).map(previewPart));
      return made;
    }));
    drawProblems();
  }
  function previewPart(part) {
    const box = element("div", "preview-part");
    box.append(element("p", "preview-text", part.text));
    for (const one of part.attachments) {
      const known = state.assets[one.asset] || {};
      if (!known.thumb) { box.append(element("p", "preview-file", known.name || "")); continue; }
      const picture = element("img", "preview-image");
      picture.src = known.thumb;
      picture.alt = one.alt;
      box.append(picture);
    }
    if (part.poll) { const list = element("ul", "poll"); list.append(...part.poll.options.map((text) => element("li", "", text))); box.append(list); }
    return box;
  }
  const problemItem = (problem, name) => {
    const item = element("li", problem.stops ? "problem stops tone-bad" : "problem warns tone-warn");
    item.textContent = `${name ? `${name}: ` : ""}${problem.message} ${problem.remedy}`;
    return item;
  };
  const blank = (one) => (one.segments || state.segments).every((part) => !part.text.trim() && !part.attachments.length && !part.poll);
  const problems = (one) => ((check[one.id] || {}).problems || []).filter((found) => !(found.stops && blank(one)));
  function drawProblems() {
    for (const made of byId("previews").children) {
      const found = (check[made.dataset.channel] || {}).problems || [];
      made.querySelector(".problems").replaceChildren(...problems(channel(Number(made.dataset.channel))).map((one) => problemItem(one)));
      made.querySelector(".preview-fine").hidden = found.some((one) => one.stops) || !check[made.dataset.channel];
      tellCost(made, channel(Number(made.dataset.channel)));
    }
    root.dispatchEvent(new CustomEvent("composer:total", { detail: cost }));
  }
  /* cost.js draws it; what it proposes is of the text that is saved, so it waits for that first */
  function tellCost(card, one) {
    const put = (segments) => { one.segments = segments; tab = one.id; drawAll(); changed(50); };
    const settled = async () => { clearTimeout(timer); return (!dirty && !running) || save(); };
    root.dispatchEvent(new CustomEvent("composer:cost", { detail: { card, one, put, settled, writing: state.writing, kept: `${store}-${one.id}`, told: () => check[one.id] || {} } }));
  }
  root.addEventListener("composer:typed", () => changed());
  function drawChecks() {
    drawProblems();
    root.dispatchEvent(new CustomEvent("composer:checked", { detail: { check, shown: chosen() } }));
    const shown = tab ? [channel(tab)] : chosen().filter((one) => !one.segments);
    [...byId("segments").children].forEach((made, index) => {
      const lengths = shown.map((one) => [one, ((check[one.id] || {}).lengths || [])[index]]).filter(([, size]) => size);
      made.querySelector(".counters").replaceChildren(...lengths.map(([one, size]) => {
        const made = element("span", size.left < 0 ? "counter is-over" : size.left < size.limit / 10 ? "counter is-near" : "counter", shown.length > 1 ? `${one.name} ${size.used}/${size.limit}` : `${size.used}/${size.limit}`);
        if (size.left < 0) made.append(element("span", "sr-only", ` ${words.over}`));
        return made;
      }));
      const found = shown.flatMap((one) => problems(one).filter((p) => p.stops && p.field.startsWith(`segments.${index}.`)).map((p) => problemItem(p, one.name)));
      made.querySelector(".problems").replaceChildren(...found);
    });
    for (const place of document.querySelectorAll("#settings .problems")) {
      const found = problems(channel(Number(place.dataset.channel))).filter((p) => p.stops && p.field === `options.${place.dataset.setting}`);
      place.replaceChildren(...found.map((p) => problemItem(p)));
    }
  }
  function drawAll() { drawChannels(); drawTabs(); drawSettings(); drawSegments(); drawPreviews(); }

  byId("add-segment").addEventListener("click", () => {
    current().push({ text: "", attachments: [], poll: null });
    drawAll();
    byId("segments").lastElementChild.querySelector("textarea").focus();
    changed();
  });
  for (const id of ["title", "language"]) {
    byId(id).value = state[id];
    byId(id).readOnly = !state.writing;
    byId(id).addEventListener("input", () => { state[id] = byId(id).value; changed(); });
  }
  const when = byId("publish_at");
  if (when) when.addEventListener("change", () => changed());
  for (const form of document.querySelectorAll("#schedule, [data-after-save]")) {
    form.addEventListener("submit", async (event) => {
      if (!dirty && !running && !uploads.size) return;
      event.preventDefault();
      if (!(await Promise.all(uploads)).every(Boolean)) return; /* without the file it would be another post */
      clearTimeout(timer);
      if (!(await save())) return;
      const extra = element("input");
      extra.type = "hidden";
      if (event.submitter && event.submitter.name) { extra.name = event.submitter.name; extra.value = event.submitter.value; form.append(extra); }
      form.submit();
    });
  }
  recover();
  drawAll();
})();
