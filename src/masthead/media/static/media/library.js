/* Dropping files on the upload card fills its file input and sends the form; without a script the input works alone. */
(() => {
  const card = document.querySelector("[data-drop]");
  if (!card) return;
  const input = card.querySelector("input[type=file]");
  for (const kind of ["dragenter", "dragover"]) {
    card.addEventListener(kind, (event) => { event.preventDefault(); card.classList.add("is-over"); });
  }
  card.addEventListener("dragleave", () => card.classList.remove("is-over"));
  card.addEventListener("drop", (event) => {
    event.preventDefault();
    card.classList.remove("is-over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.form.requestSubmit();
  });
})();
