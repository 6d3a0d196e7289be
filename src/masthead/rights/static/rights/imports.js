/* An archive goes up in pieces, one after another. A piece that fails is tried again; the same file chosen later goes on where it stopped. */
(() => {
  const form = document.querySelector("[data-import]");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const shown = form.querySelector(".upload-progress");
  const bar = shown.querySelector("progress");
  const said = shown.querySelector("[role=status]");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const TRIES = 6;

  async function post(url, body, type) {
    const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token, "Content-Type": type, Accept: "application/json" } });
    const told = await answer.json().catch(() => ({}));
    return { ok: answer.ok, lasting: answer.status >= 400 && answer.status < 500 && answer.status !== 409, told };
  }

  async function persistently(url, body) {
    for (let tries = 0; ; tries += 1) {
      try {
        const answer = await post(url, body, "application/octet-stream");
        if (answer.ok || answer.lasting || answer.told.next !== undefined && answer.told.next !== null && tries === 0) return answer;
      } catch (error) {
        if (tries >= TRIES) throw error;
      }
      if (tries >= TRIES) throw new Error("lost");
      await new Promise((done) => { setTimeout(done, 500 * 2 ** tries); });
    }
  }

  function progress(told) {
    const percent = Math.floor(100 * told.done / told.size);
    bar.value = percent;
    said.textContent = `${percent} %`;
  }

  async function send(file) {
    const begun = await post(form.dataset.import, JSON.stringify({ name: file.name, size: file.size }), "application/json");
    if (!begun.ok) throw new Error([begun.told.detail, begun.told.remedy].filter(Boolean).join(" ") || form.dataset.lost);
    let told = begun.told;
    const place = form.dataset.import.replace(/begin\/$/, `${told.id}/`);
    while (told.next !== null) {
      progress(told);
      const from = told.next * told.piece;
      const answer = await persistently(`${place}pieces/${told.next}/`, file.slice(from, from + told.piece));
      if (answer.told.next === undefined) throw new Error([answer.told.detail, answer.told.remedy].filter(Boolean).join(" ") || form.dataset.lost);
      told = answer.told;
    }
    progress(told);
    location.assign(place);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const file = input.files[0];
    if (!file) return;
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    shown.hidden = false;
    send(file).catch((error) => {
      button.disabled = false;
      said.textContent = error instanceof TypeError || error.message === "lost" ? form.dataset.lost : error.message;
    });
  });
})();
