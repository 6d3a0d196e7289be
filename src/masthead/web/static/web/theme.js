// Runs before the first paint: marks that scripts work and picks the colours.
(function () {
  var root = document.documentElement
  var wanted = null
  try { wanted = localStorage.getItem("masthead-theme") } catch (e) { /* storage is blocked: follow the system */ }
  var dark = wanted === "dark" || (wanted !== "light" && matchMedia("(prefers-color-scheme: dark)").matches)
  root.classList.add("js")
  root.classList.toggle("dark", dark)
  root.dataset.colorScheme = dark ? "dark" : "light"
})()
