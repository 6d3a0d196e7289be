// The shell's script: colours, drawer, menus, confirmations, notices, copying, and htmx's settings.
// Everything hangs on data attributes and one listener per kind, so that swapped-in pieces work too.
(() => {
  "use strict"
  const root = document.documentElement
  const words = () => document.getElementById("toasts")?.dataset ?? {}

  // colours
  const theme = () => { try { return localStorage.getItem("masthead-theme") ?? "system" } catch { return "system" } }
  const dims = matchMedia("(prefers-color-scheme: dark)")
  function paint() {
    const dark = theme() === "dark" || (theme() === "system" && dims.matches)
    root.classList.toggle("dark", dark)
    root.dataset.colorScheme = dark ? "dark" : "light"
    document.querySelectorAll("[data-theme-choice]").forEach(one => one.setAttribute("aria-pressed", String(one.dataset.themeChoice === theme())))
    document.dispatchEvent(new CustomEvent("masthead:theme", { detail: { dark } }))
  }
  function chooseTheme(name) {
    try { name === "system" ? localStorage.removeItem("masthead-theme") : localStorage.setItem("masthead-theme", name) } catch { /* kept for this page only */ }
    paint()
  }
  dims.addEventListener("change", paint)

  // drawer
  const opener = () => document.querySelector("[data-drawer-open]")
  function drawer(open) {
    document.body.classList.toggle("drawer-open", open)
    opener()?.setAttribute("aria-expanded", String(open))
    document.querySelector(".page")?.toggleAttribute("inert", open)
    if (open) document.querySelector("#navigation a, #navigation button, #navigation summary")?.focus()
    else opener()?.focus()
  }

  // notices
  function toast(text, tone = "info") {
    const place = document.getElementById("toasts")
    if (!place || !text) return
    const one = document.createElement("div")
    one.className = `notice tone-${tone}`
    if (tone === "bad") one.setAttribute("role", "alert")
    const said = document.createElement("p")
    said.className = "grow"
    said.textContent = text
    const close = document.createElement("button")
    close.type = "button"
    close.className = "notice-close"
    close.dataset.dismiss = ""
    close.setAttribute("aria-label", words().dismiss)
    close.textContent = "×"
    one.append(said, close)
    place.append(one)
    if (tone !== "bad") setTimeout(() => one.remove(), 6000)
  }

  // confirmations: data-confirm on a form, a button or a link; data-confirm-label names the button; resolves to true or false
  function confirm(text, label, destructive) {
    const dialog = document.getElementById("confirm")
    const said = dialog.querySelector("#confirm-text")
    const yes = dialog.querySelector("[data-confirm-yes]")
    said.textContent = text || said.dataset.default
    yes.textContent = label || yes.dataset.default
    yes.classList.toggle("btn-destructive", Boolean(destructive))
    yes.classList.toggle("btn", !destructive)
    dialog.returnValue = "no"
    dialog.showModal()
    return new Promise(done => dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true }))
  }
  async function ask(event, holder, go) {
    if (holder.dataset.confirmed) { delete holder.dataset.confirmed; return }
    event.preventDefault()
    event.stopImmediatePropagation()
    const submitter = event.submitter
    const bad = holder.matches(".btn-destructive") || Boolean(holder.querySelector?.(".btn-destructive")) || Boolean(submitter?.matches(".btn-destructive"))
    if (await confirm(holder.dataset.confirm, holder.dataset.confirmLabel, bad)) { holder.dataset.confirmed = "1"; go(submitter) }
  }
  document.addEventListener("submit", event => {
    const form = event.target
    if (form.dataset.confirm !== undefined) ask(event, form, submitter => form.requestSubmit(submitter))
  }, true)
  document.addEventListener("click", event => {
    const one = event.target.closest("a[data-confirm], button[data-confirm]")
    if (one) ask(event, one, () => one.click())
  }, true)

  // copying: data-copy="text" or data-copy-from="#id"
  async function copy(one) {
    const from = one.dataset.copyFrom && document.querySelector(one.dataset.copyFrom)
    const text = from ? (from.value ?? from.textContent).trim() : one.dataset.copy
    try { await navigator.clipboard.writeText(text); toast(words().copied, "ok") } catch { from?.select?.() }
  }

  document.addEventListener("click", event => {
    const at = selector => event.target.closest(selector)
    let one
    if ((one = at("[data-theme-choice]"))) chooseTheme(one.dataset.themeChoice)
    else if (at("[data-drawer-open]")) drawer(true)
    else if (at("[data-drawer-close]")) drawer(false)
    else if ((one = at("[data-dismiss]"))) one.closest(".notice, .alert")?.remove()
    else if ((one = at("[data-copy], [data-copy-from]"))) copy(one)
    else if ((one = at("[data-open-dialog]"))) document.querySelector(one.dataset.openDialog)?.showModal()
    else if (at("[data-close-dialog]")) event.target.closest("dialog")?.close()
    document.querySelectorAll("details[data-menu][open]").forEach(menu => { if (!menu.contains(event.target)) menu.open = false })
  })
  document.addEventListener("keydown", event => {
    if (event.key !== "Escape") return
    const menu = document.querySelector("details[data-menu][open]")
    if (menu) { menu.open = false; menu.querySelector("summary").focus() }
    else if (document.body.classList.contains("drawer-open")) drawer(false)
  })
  document.addEventListener("change", event => { if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit() })

  // htmx: the CSRF token on every request; error pages are not swapped in but told; 422 (a form with errors) is swapped
  const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? ""
  if (window.htmx) window.htmx.config.noSwap = [204, 304, 400, 401, 403, 404, 409, 413, 429, "5xx"]
  document.addEventListener("htmx:config:request", event => { event.detail.ctx.request.headers["X-CSRFToken"] = csrf() })
  document.addEventListener("htmx:response:error", event => {
    const status = event.detail.ctx?.response?.status ?? event.detail.ctx?.response?.raw?.status
    if (status !== 422) toast([401, 403].includes(status) ? words().denied : words().failed, "bad")
  })
  document.addEventListener("htmx:error", () => toast(words().failed, "bad"))

  // a wide table that scrolls sideways can be reached and scrolled by keyboard
  const reach = () => document.querySelectorAll(".table-wrap, pre").forEach(one => {
    if (one.scrollWidth > one.clientWidth) one.tabIndex = 0
    else one.removeAttribute("tabindex")
  })
  addEventListener("resize", reach)
  document.addEventListener("htmx:after:swap", reach)
  reach()

  window.masthead = { csrf, toast, confirm, dark: () => root.classList.contains("dark") }
  paint()
})()
