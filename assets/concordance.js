/* Words in context: every occurrence of a word or phrase, a line each, and how frequent it is over time.
 *
 * Works on #concordance-app, beside search-engine.js and search.js (whose helpers it uses). The address has the query
 * and the same filters as the search page. Typed with marks, a word must stand exactly so; without, any marks count.
 */
(function () {
  "use strict";

  var app = document.getElementById("concordance-app"), engine = window.DatelineSearch, page = engine && engine.page;
  if (!app || !page) return;
  var t = page.t, el = page.el, svg = page.svg, number = page.number, root = app.dataset.root || "";
  var ARTICLES = 25, CONTEXT = 60, ALL = 300, LINES = 100, THIN_ARTICLES = 5, THIN_WORDS = 2000;
  var state, index, found, lines = [], loaded = 0, limit = LINES, turn = 0;

  var form = app.querySelector("form"), input = form.querySelector("[name=q]");
  var status = el("p.search-status", { role: "status", "aria-live": "polite" });
  var chips = el("p.search-chips", { hidden: true });
  var order = el("select", { id: "kwic-sort", change: function () { limit = LINES; draw(); } });
  ["newest", "left", "right"].forEach(function (name) { order.append(el("option", { value: name }, t("kwic_sort_" + name))); });
  var tools = el("p.search-tools", { hidden: true }, el("label", { for: "kwic-sort" }, t("sort") + " "), order);
  var chart = el("div.kwic-chart", { hidden: true });
  var body = el("tbody", { role: "rowgroup" }); // roles are said, for on a narrow screen the cells are laid out as text
  function head(name) { return el("th", { scope: "col", role: "columnheader" }, t(name)); }
  var table = el("div.kwic-scroll", { hidden: true, tabindex: "0", role: "region", "aria-label": t("kwic_label") },
    el("table.kwic", { role: "table" }, el("caption.vh", {}, t("kwic_caption")), el("thead", { role: "rowgroup" }, el("tr", { role: "row" },
      head("kwic_left"), head("kwic_word"), head("kwic_right"), head("kwic_article"))), body));
  var more = el("button.btn.search-more", { type: "button", hidden: true, click: function () {
    var first = limit;
    limit += LINES;
    (first < lines.length ? Promise.resolve(draw()) : load()).then(function () {
      var row = body.children[first];
      if (row) row.querySelector("a").focus();
    }).catch(fail);
  } });
  app.append(status, chips, chart, tools, table, more);

  function start() {
    var mine = ++turn;
    state = page.readAddress();
    input.value = state.q;
    lines = [];
    loaded = 0;
    limit = LINES;
    found = null;
    [chips, tools, chart, table, more].forEach(function (box) { box.hidden = true; });
    status.textContent = "";
    var words = engine.tokens(state.q.normalize("NFC"));
    if (!words.length) return Promise.resolve();
    app.setAttribute("aria-busy", "true");
    return (index ? Promise.resolve(index) : page.openIndex(app)).then(function (opened) {
      index = opened;
      return Promise.all([page.masksOf(index, state), occurrences(words)]);
    }).then(function (both) {
      if (mine !== turn) return null;
      var masks = Object.keys(both[0]).map(function (name) { return both[0][name]; });
      found = both[1];
      found.words = words;
      found.masks = masks;
      found.ids = found.ids.filter(function (id) { return masks.every(function (mask) { return mask[id]; }); }).sort(function (a, b) { return b - a; });
      drawFilters();
      return load().then(count).then(function () { return drawChart(); });
    }).catch(function (error) { if (mine === turn) fail(error); })
      .then(function () { if (mine === turn) app.removeAttribute("aria-busy"); });
  }

  function fail(error) {
    var missing = error instanceof engine.ShardError;
    status.textContent = t(missing ? "error_shard" : "error", { file: error.shard || String(error) });
    app.removeAttribute("aria-busy");
    if (!missing) throw error;
  }

  /** {ids, times: Map or null}: from the index for one word or two; longer phrases are counted in the texts. */
  function occurrences(words) {
    if (words.length > 2) {
      return index.phrase({ words: words, quoted: true }).then(function (hits) { return { ids: hits.ids, times: null }; });
    }
    var pair = words.length === 2, typed = words.map(function (word) { return word.form; });
    var waiting = pair ? index.pairs(words[0].key + " " + words[1].key) : index.words(words[0].key);
    return waiting.then(function (terms) {
      terms = terms.filter(function (term) {
        return !term.joined && term.form.split(" ").every(function (form, i) { return typed[i] === form || typed[i] === engine.fold(form); }) ||
          (!pair && typed[0] === engine.fold(typed[0]));
      });
      return Promise.all(terms.map(function (term) { return index.postings(term, pair ? "v" : "u"); }));
    }).then(function (lists) {
      var times = new Map();
      lists.forEach(function (list) {
        for (var i = 0; i < list.ids.length; i++) times.set(list.ids[i], (times.get(list.ids[i]) || 0) + list.times[i]);
      });
      return { ids: Array.from(times.keys()), times: times };
    });
  }

  /** Read the texts of the next articles and take the lines out of them. */
  function load() {
    var mine = turn, ids = found.ids.slice(loaded, loaded + (found.times ? ARTICLES : Math.max(ARTICLES, loaded ? 0 : found.ids.length <= ALL ? ALL : 0)));
    return index.records(ids).then(function (records) {
      if (mine !== turn) return;
      loaded += ids.length;
      records.forEach(function (record, i) {
        [record.title, record.text].forEach(function (text) {
          var words = engine.tokens(text);
          engine.findPhrase(words, found.words, true).forEach(function (at) {
            lines.push(line(text, words[at].start, words[at + found.words.length - 1].end, record, ids[i]));
          });
        });
      });
      draw();
    });
  }

  function line(text, from, to, record, id) {
    var left = text.slice(Math.max(0, from - CONTEXT), from).replace(/\s+/g, " "), right = text.slice(to, to + CONTEXT).replace(/\s+/g, " ");
    if (from > CONTEXT) left = left.replace(/^\S*\s/, "");
    if (to + CONTEXT < text.length) right = right.replace(/\s\S*$/, "");
    return { left: left, word: text.slice(from, to), right: right, record: record, id: id };
  }

  function draw() {
    var sorted = lines.slice(), by = order.value;
    function leftKey(one) { return engine.tokens(one.left).reverse().map(function (word) { return word.form; }).join(" "); }
    function rightKey(one) { return engine.tokens(one.right).map(function (word) { return word.form; }).join(" "); }
    if (by !== "newest") {
      sorted.forEach(function (one) { one.key = by === "left" ? leftKey(one) : rightKey(one); });
      sorted.sort(function (a, b) { return a.key.localeCompare(b.key, "vi") || b.id - a.id; });
    }
    body.replaceChildren.apply(body, sorted.slice(0, limit).map(function (one) {
      var record = one.record, href = root + record.url.replace(/#|$/, "?hl=" + encodeURIComponent('"' + one.word + '"') + "$&");
      return el("tr", { lang: record.language, role: "row" }, cell("left", one.left), cell("word", el("mark", {}, one.word)), cell("right", one.right),
        cell("from", el("a", { href: href }, record.title), record.date && el("span", { lang: page.language }, page.showDate(record.date))));
    }));
    table.hidden = tools.hidden = !lines.length;
    more.hidden = loaded >= found.ids.length && limit >= lines.length;
    more.textContent = t(limit < lines.length ? "more" : "kwic_more");
    status.textContent = !found.ids.length ? t("kwic_none") : t("kwic_found", { lines: lines.length, loaded: loaded, articles: found.ids.length });
  }

  function cell(name, content, second) { return el("td." + name, { role: "cell" }, content, " ", second); }

  function drawFilters() {
    var shown = [].concat.apply([], page.FACETS.concat("year").map(function (name) {
      return state[name].map(function (value) { return page.labelOf(index, name, value); });
    }));
    if (state.from || state.to) shown.push((state.from || "…") + " – " + (state.to || "…"));
    chips.hidden = !shown.length;
    chips.replaceChildren(t("kwic_within", { filters: shown.join(" · ") }) + " ", el("a", { href: page.address(location.pathname, { q: state.q }) }, t("kwic_everything")));
  }

  // ---- how frequent, over time -----------------------------------------------------------------------------------

  /** Words of each document; the denominator of "per million". */
  function lengths() {
    var per = index.manifest.perColumn, chunks = [];
    for (var n = 0; n * per < index.size; n++) chunks.push(n);
    return Promise.all(chunks.map(function (n) { return index.load("c/words/" + n, function (bytes) { return bytes; }); })).then(function (parts) {
      var all = new Uint16Array(index.size);
      parts.forEach(function (bytes, chunk) {
        var count = bytes.length / 2;
        for (var i = 0; i < count; i++) all[chunk * per + i] = bytes[i] | bytes[count + i] << 8;
      });
      return all;
    });
  }

  /** Per month: {month, times, words, articles}, of the documents that pass the filters; null when it cannot be told. */
  function count() {
    var times = found.times;
    if (!times && loaded < found.ids.length) return Promise.resolve(null);
    if (!times) {
      times = new Map();
      lines.forEach(function (one) { times.set(one.id, (times.get(one.id) || 0) + 1); });
    }
    return lengths().then(function (words) {
      return index.months.map(function (month) {
        var row = { month: month.month, times: 0, words: 0, articles: 0 };
        for (var id = month.start; id < month.end; id++) {
          for (var m = 0; m < found.masks.length; m++) if (!found.masks[m][id]) break;
          if (m < found.masks.length) continue;
          row.times += times.get(id) || 0;
          row.words += words[id];
          row.articles++;
        }
        return row;
      });
    }).then(function (rows) { found.rows = everyMonth(rows); });
  }

  /** No gaps: a month without articles is a row too. What has only a year cannot be shown by month. */
  function everyMonth(rows) {
    var by = new Map(), all = [];
    rows.forEach(function (row) { if (row.month.length === 7 && row.articles) by.set(row.month, row); });
    var names = Array.from(by.keys()), last = names[names.length - 1];
    for (var name = names[0]; name && name <= last; name = next(name)) all.push(by.get(name) || { month: name, times: 0, words: 0, articles: 0 });
    return all;
  }
  function next(name) {
    var year = +name.slice(0, 4), n = +name.slice(5);
    return (n < 12 ? year : year + 1) + "-" + String(n % 12 + 1).padStart(2, "0");
  }

  function thin(row) { return row.articles < THIN_ARTICLES || row.words < THIN_WORDS; }

  function drawChart() {
    var rows = found.rows;
    chart.hidden = !rows || rows.length < 2;
    if (chart.hidden) return;
    rows.forEach(function (row) { row.rate = row.words ? 1e6 * row.times / row.words : 0; });
    var top = Math.max.apply(0, rows.map(function (row) { return row.rate; })) || 1, step = 600 / rows.length;
    var picture = svg("svg", { viewBox: "0 0 600 80", "aria-hidden": "true", preserveAspectRatio: "none", class: "search-chart" });
    rows.forEach(function (row, i) {
      var height = 76 * row.rate / top;
      picture.append(svg("rect", { x: i * step, y: 80 - height, width: Math.max(step - 1, 0.5), height: height, class: thin(row) ? "thin" : "in" }));
    });
    var few = rows.filter(thin).length, cells = el("tbody");
    rows.forEach(function (row) {
      cells.append(el("tr", {}, el("th", { scope: "row" }, row.month), el("td.num", {}, number(row.times)), el("td.num", {}, number(row.articles)), el("td.num", {}, number(row.words)),
        el("td.num", {}, number(Math.round(row.rate))), el("td", {}, thin(row) ? t("kwic_thin") : "")));
    });
    chart.replaceChildren(el("h2", {}, t("kwic_over_time")), picture, el("p.search-meta", {}, rows[0].month + " – " + rows[rows.length - 1].month + (few ? " · " + t("kwic_thin_note", { n: few }) : "")),
      el("details", {}, el("summary", {}, t("kwic_numbers")), el("div.kwic-scroll", { tabindex: "0", role: "region", "aria-label": t("kwic_numbers") }, el("table", {}, el("caption.vh", {}, t("kwic_numbers")), el("thead", {}, el("tr", {},
        el("th", { scope: "col" }, t("kwic_month")), el("th", { scope: "col" }, t("kwic_times")), el("th", { scope: "col" }, t("kwic_articles")), el("th", { scope: "col" }, t("kwic_words")),
        el("th", { scope: "col" }, t("kwic_rate")), el("td"))), cells))));
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    state.q = input.value.trim();
    history.pushState(null, "", page.address(location.pathname, state));
    start();
  });
  window.addEventListener("popstate", start);
  start();
})();
