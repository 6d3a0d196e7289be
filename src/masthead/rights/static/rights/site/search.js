// Searches the copy from a disk, where nothing may be fetched: the index lies in scripts, and those that are needed are loaded.
(function () {
  "use strict"
  var BUCKETS = 64, ENOUGH = 50
  var ALONE = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}"
  var WORD = new RegExp("[" + ALONE + "]|(?:(?![" + ALONE + "])[\\p{L}\\p{N}\\p{M}_])+", "gu")
  var SINGLE = new RegExp("^[" + ALONE + "]$", "u")
  var pieces = [], waiting = {}
  var form = document.getElementById("search"), box = document.getElementById("words")
  var list = document.getElementById("results"), said = document.getElementById("said"), further = document.getElementById("further")
  var asked = 0, state = null

  function answer(kind) { return function (number, content) { var key = kind + "/" + number; if (waiting[key]) waiting[key](content) } }
  window.archive = {
    directory: function (_pages, content) { pieces = content; form.hidden = false },
    words: answer("words"),
    page: answer("pages")
  }

  function load(kind, number) {
    return new Promise(function (done, failed) {
      var script = document.createElement("script"), key = kind + "/" + number
      waiting[key] = function (content) { delete waiting[key]; script.remove(); done(content) }
      script.onerror = failed
      script.src = "site/search/" + key + ".js"
      document.head.append(script)
    })
  }
  function plain(text) { return text.normalize("NFKC").toLowerCase() }
  function wordsOf(text) { return plain(text).match(WORD) || [] }
  function points(word) { return Array.from(word, function (one) { return one.codePointAt(0) }) }
  function bucket(word) { var of = points(word); return (of[0] * 31 + (of[1] || 0)) % BUCKETS }
  function before(one, other) { // the order of code points, as the index is sorted
    var a = points(one), b = points(other)
    for (var i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i] - b[i]
    return a.length - b.length
  }
  function whole(word) { return SINGLE.test(word) || points(word).length < 2 }
  function fits(word, wanted) { return whole(wanted) ? word === wanted : word.startsWith(wanted) }
  function mayHold(piece, wanted) {
    if (piece[0] !== bucket(wanted) || before(piece[2], wanted) < 0) return false
    return before(piece[1], wanted) <= 0 || piece[1].startsWith(wanted)
  }

  async function pagesOf(wanted) {
    var found = new Set()
    for (var number = 0; number < pieces.length; number++) {
      if (!mayHold(pieces[number], wanted)) continue
      for (var entry of await load("words", number)) {
        if (!fits(entry[0], wanted)) continue
        var page = 0
        for (var step of entry[1]) { page += step; found.add(page) }
      }
    }
    return found
  }
  async function candidates(wanted) {
    var left = null
    for (var word of wanted) {
      var found = await pagesOf(word)
      left = left === null ? found : new Set(Array.from(left).filter(function (one) { return found.has(one) }))
    }
    return Array.from(left || []).sort(function (a, b) { return a - b })
  }

  function marked(text, wanted) { // some of the text around the first word that was found
    var part = document.createElement("p"), low = text.toLowerCase()
    var at = Math.max(0, Math.min.apply(null, wanted.map(function (one) { var i = low.indexOf(one); return i < 0 ? 1e9 : i })))
    var start = at > 1e8 ? 0 : Math.max(0, at - 80), rest = text.slice(start, start + 280)
    if (start) part.append("… ")
    while (rest) {
      var lower = rest.toLowerCase(), next = -1, size = 0
      wanted.forEach(function (one) { var i = lower.indexOf(one); if (i >= 0 && (next < 0 || i < next)) { next = i; size = one.length } })
      if (next < 0 || lower.length !== rest.length) { part.append(rest); break }
      var mark = document.createElement("mark")
      mark.textContent = rest.slice(next, next + size)
      part.append(rest.slice(0, next), mark)
      rest = rest.slice(next + size)
    }
    if (text.length > start + 280) part.append(" …")
    return part
  }
  function show(href, item, wanted) {
    var row = document.createElement("li"), link = document.createElement("a"), who = document.createElement("span")
    link.href = href + "#" + item[0]
    link.textContent = item[1]
    who.className = "quiet"
    who.textContent = " · " + item[2]
    row.append(link, who, marked(item[3], wanted))
    list.append(row)
  }
  function tell(name, number) { said.textContent = form.dataset[name].replace("%d", number) }

  async function goOn(turn) {
    further.hidden = true
    for (var enough = state.shown + ENOUGH; state.left.length && state.shown < enough && turn === asked;) {
      var page = await load("pages", state.left.shift())
      if (turn !== asked) return
      page[1].forEach(function (item) {
        var words = wordsOf(item[2] + " " + item[3])
        if (!state.wanted.every(function (one) { return words.some(function (word) { return fits(word, one) }) })) return
        show(page[0], item, state.wanted)
        state.shown++
      })
    }
    further.hidden = !state.left.length
    tell(state.left.length ? "more" : state.shown ? "some" : "none", state.shown)
  }
  async function search() {
    var turn = ++asked, wanted = Array.from(new Set(wordsOf(box.value))).slice(0, 12)
    list.textContent = ""
    said.textContent = ""
    further.hidden = true
    if (!wanted.length) return
    tell("looking", "")
    var left = await candidates(wanted)
    if (turn !== asked) return
    state = { wanted: wanted, left: left, shown: 0 }
    await goOn(turn)
  }
  form.addEventListener("submit", function (event) { event.preventDefault(); search() })
  further.addEventListener("click", function () { goOn(asked) })
})()
