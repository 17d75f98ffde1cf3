/* The search page: what a reader sees of the engine. Works on #search-app; its words come from #search-strings.
 *
 * <div id="search-app" data-index="../search/all.js" data-root="../" lang="en"> with a plain GET form inside.
 * All state is in the address: ?q=…&province=…&from=2023-01&sort=date, so back, forward and bookmarks work.
 */
(function () {
  "use strict";

  var engine = window.DatelineSearch, given = document.getElementById("search-strings");
  if (!engine || !given) return;
  var strings = JSON.parse(given.textContent), language = document.documentElement.lang || "en";

  // ---- small helpers, for the concordance too ----------------------------------------------------------------------

  function t(name, values) {
    var text = strings[name] === undefined ? name : strings[name];
    return text.replace(/\{(\w+)\}/g, function (whole, slot) {
      var value = values && values[slot];
      return value === undefined ? whole : typeof value === "number" ? number(value) : value;
    });
  }
  function number(value) { return value.toLocaleString(language); }
  function many(name, n, values) { return t(name + (n === 1 ? "_one" : "_many"), Object.assign({ n: n }, values)); }

  /** el("a.title", {href: …}, "text", child…) */
  function el(what, attributes) {
    var parts = what.split("."), node = document.createElement(parts[0]);
    if (parts[1]) node.className = parts.slice(1).join(" ");
    Object.keys(attributes || {}).forEach(function (name) {
      var value = attributes[name];
      if (typeof value === "function") node.addEventListener(name, value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value !== undefined && value !== null) node.setAttribute(name, value);
    });
    for (var i = 2; i < arguments.length; i++) if (arguments[i]) node.append(arguments[i]);
    return node;
  }
  function svg(name, attributes) {
    var node = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.keys(attributes).forEach(function (key) { node.setAttribute(key, attributes[key]); });
    return node;
  }

  /** The index that `data-index` names, relative to the page. */
  function openIndex(app) {
    var path = app.dataset.index || "search/m.js", at = path.lastIndexOf("/") + 1;
    return engine.open(new URL(path.slice(0, at), document.baseURI).href, path.slice(at).replace(/\.js$/, ""));
  }

  function labelOf(index, facet, value) {
    var known = index && index.manifest.facets[facet], labels = known && known.labels[value];
    return labels ? labels[language] || labels.en || value : value;
  }

  var FACETS = ["province", "province63", "topic", "language", "source"];

  function month(text) { return /^\d{4}(-\d\d)?$/.test(text || "") ? text : ""; }

  /** What the address asks for: {q, province: [], …, year: [], from, to, sort}. */
  function readAddress() {
    var asked = new URLSearchParams(location.search), found = {
      q: asked.get("q") || "", from: month(asked.get("from")), to: month(asked.get("to")), sort: asked.get("sort") || ""
    };
    FACETS.concat("year").forEach(function (name) {
      found[name] = asked.getAll(name).join(",").split(",").filter(Boolean);
    });
    return found;
  }

  function address(page, wanted) {
    var asked = new URLSearchParams();
    ["q"].concat(FACETS, "year", "from", "to", "sort").forEach(function (name) {
      [].concat(wanted[name] || []).forEach(function (value) { if (value) asked.append(name, value); });
    });
    var text = asked.toString();
    return page + (text ? "?" + text : "");
  }

  /** One byte per document for each facet in use. */
  function masksOf(index, state) {
    var names = FACETS.filter(function (name) { return state[name].length; });
    return Promise.all(names.map(function (name) { return index.chosen(name, state[name]); })).then(function (found) {
      var by = {};
      names.forEach(function (name, i) { by[name] = found[i]; });
      if (state.year.length) {
        by.year = new Uint8Array(index.size);
        state.year.forEach(function (year) {
          index.between(year, year).forEach(function (one, id) { if (one) by.year[id] = 1; });
        });
      }
      if (state.from || state.to) by.when = index.between(state.from, state.to);
      return by;
    });
  }

  function showDate(date) {
    var parts = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?=T|$|\/|[~?%])/.exec(date);
    if (!parts) return date;
    var day = new Date(Date.UTC(+parts[1], (parts[2] || 1) - 1, parts[3] || 1));
    return day.toLocaleDateString(language === "en" ? "en-GB" : language, { timeZone: "UTC", year: "numeric", month: parts[2] ? "long" : undefined, day: parts[3] ? "numeric" : undefined });
  }

  engine.page = {
    t: t, many: many, number: number, el: el, svg: svg, openIndex: openIndex, labelOf: labelOf, readAddress: readAddress,
    address: address, masksOf: masksOf, showDate: showDate, FACETS: FACETS, language: language
  };

  var app = document.getElementById("search-app");
  if (!app) return;
  var root = app.dataset.root || "", PAGE = 10;
  var state, index, result, shown = [], limit = PAGE, turn = 0, timer, facetsOpen = {};

  // ---- the page ------------------------------------------------------------------------------------------------

  var form = app.querySelector("form") || app.appendChild(el("form.search", { method: "get", role: "search" },
    el("label", { for: "search-q" }, t("label")), el("input", { id: "search-q", name: "q", type: "search" }), el("button", { type: "submit" }, t("submit"))));
  var input = form.querySelector("[name=q]");
  input.setAttribute("autocomplete", "off");
  var status = el("p.search-status", { role: "status", "aria-live": "polite" });
  var notes = el("div.search-notes");
  var chips = el("ul.search-chips", { "aria-label": t("filters_on"), hidden: true });
  var facets = el("div.search-facets", { role: "group", "aria-label": t("filters") });
  var list = el("ol.search-results", { "aria-label": t("results") });
  var tools = el("div.search-tools", { hidden: true });
  var when = el("div.search-when", { hidden: true });
  var more = el("button.btn.search-more", { type: "button", hidden: true, click: function () {
    var first = limit;
    limit += PAGE;
    showResults().then(function () { var item = list.children[first]; if (item) item.querySelector("a").focus(); });
  } }, t("more"));
  app.append(status, notes, chips, el("div.search-body", {}, facets, el("div.search-main", {}, tools, when, list, more)));

  var order = el("select", { id: "search-sort", change: function () { commit({ sort: order.value === "relevance" ? "" : order.value }); } });
  ["relevance", "newest", "oldest"].forEach(function (name) { order.append(el("option", { value: name }, t("sort_" + name))); });
  tools.append(el("label", { for: "search-sort" }, t("sort")), order, el("span.search-exports", { role: "group", "aria-label": t("export") },
    exporter("csv"), exporter("jsonl"), exporter("bibtex")));
  var context = app.dataset.concordance && tools.appendChild(el("a.search-context", {}, t("kwic_link")));

  function exporter(kind) {
    return el("button.btn", { type: "button", click: function () { save(kind); } }, t("export_" + kind));
  }

  // ---- state and address ---------------------------------------------------------------------------------------

  function addressWith(some) { return address(location.pathname, Object.assign({}, state, some)); }

  /** Change the state as a step that "back" undoes. */
  function commit(some) {
    var to = addressWith(some);
    if (to !== location.pathname + location.search) history.pushState(null, "", to);
    apply(false);
  }

  function apply(typing) {
    state = readAddress();
    if (!typing && input.value !== state.q) input.value = state.q;
    order.value = state.sort === "newest" || state.sort === "oldest" ? state.sort : "relevance";
    limit = PAGE;
    return run(typing);
  }

  function filtered() { return FACETS.concat("year").some(function (name) { return state[name].length; }) || state.from || state.to; }

  // ---- searching -----------------------------------------------------------------------------------------------

  function ready() {
    if (!ready.waiting) {
      ready.waiting = openIndex(app).then(function (found) { index = found; drawFacets(); return found; });
      ready.waiting.catch(function () { ready.waiting = null; });
    }
    return ready.waiting;
  }

  function run(typing) {
    var mine = ++turn;
    if (!engine.tokens(state.q).length && !filtered()) {
      result = null;
      return clear();
    }
    app.setAttribute("aria-busy", "true");
    return ready().then(function () { return index.search(state.q, { typing: typing }); }).then(function (found) {
      if (mine !== turn) return null;
      found.typing = typing;
      result = found;
      return filter().then(function () { return mine === turn ? show() : null; });
    }).catch(function (error) { if (mine === turn) fail(error); })
      .then(function () { if (mine === turn) app.removeAttribute("aria-busy"); });
  }

  var inUse = {};
  function without(name) {
    return Object.keys(inUse).filter(function (other) { return other !== name; }).map(function (other) { return inUse[other]; });
  }

  function filter() {
    return masksOf(index, state).then(function (found) {
      inUse = found;
      var all = without("");
      shown = result.ids.filter(function (id) { return all.every(function (mask) { return mask[id]; }); });
      if (state.sort === "newest" || (result.all && !state.sort)) shown.sort(function (a, b) { return b - a; });
      if (state.sort === "oldest") shown.sort(function (a, b) { return a - b; });
    });
  }

  // ---- showing -------------------------------------------------------------------------------------------------

  function clear() {
    status.textContent = "";
    notes.replaceChildren();
    list.replaceChildren();
    chips.hidden = tools.hidden = when.hidden = more.hidden = true;
    app.removeAttribute("aria-busy");
    if (index) countFacets();
    return Promise.resolve();
  }

  function fail(error) {
    clear();
    status.textContent = t(error instanceof engine.ShardError ? "error_shard" : "error", { file: error.shard || String(error) });
    status.append(" ", el("button.btn", { type: "button", click: function () { run(false); } }, t("retry")));
    if (!(error instanceof engine.ShardError)) throw error;
  }

  function show() {
    var n = shown.length;
    status.textContent = result.about ? t("found_about", { n: n }) : many("found", n);
    chips.hidden = !filtered();
    drawChips();
    tools.hidden = !n;
    if (context) context.href = address(app.dataset.concordance, state);
    drawNotes(n);
    drawWhen();
    return Promise.all([showResults(), countFacets()]);
  }

  function drawNotes(n) {
    var items = [];
    result.changed.forEach(function (pair) { items.push(el("p", {}, t("changed", { typed: pair[0], meant: pair[1] }))); });
    if (n && result.level === "apart") items.push(el("p", {}, result.strict ? t("relaxed_apart", { n: result.strict }) : t("relaxed_all_apart")));
    if (n && result.level === "some") items.push(el("p", {}, t("relaxed_some")));
    notes.replaceChildren.apply(notes, items);
    if (!n) help();
  }

  /** Nothing found: what would help, each with its count. */
  function help() {
    var mine = turn, box = el("ul");
    function offer(text, some) {
      box.append(el("li", {}, el("a", { href: addressWith(some), click: function (event) { event.preventDefault(); commit(some); } }, text)));
      if (!box.parentNode) notes.append(el("p", {}, t("try")), box);
    }
    var none = {};
    FACETS.concat("year").forEach(function (name) { none[name] = []; });
    if (filtered() && result.ids.length) offer(many("without_filters", result.ids.length), Object.assign({ from: "", to: "" }, none));
    var parts = state.q.match(/(?:[^\s"]*"[^"]*"|\S)+/g) || [];
    var shorter = parts.length < 2 || parts.length > 6 ? [] : parts.map(function (part, i) {
      var q = parts.filter(function (_, n) { return n !== i; }).join(" ");
      return index.search(q).then(function (found) {
        if (mine === turn && found.ids.length && found.level !== "some") offer(many("without_word", found.ids.length, { word: part }), { q: q });
      });
    });
    var words = engine.tokens(state.q);
    return Promise.all(shorter.concat(index.suggest(words).then(function (pairs) {
      if (mine !== turn || !pairs.length) return;
      var q = state.q;
      pairs.forEach(function (pair) { q = q.normalize("NFC").replace(new RegExp(pair[0], "i"), pair[1]); });
      offer(t("did_you_mean", { q: q }), { q: q });
    }))).catch(fail);
  }

  function drawChips() {
    chips.replaceChildren();
    function chip(text, some) {
      chips.append(el("li", {}, el("button.btn", { type: "button", click: function () { commit(some); } }, text, el("span", { "aria-hidden": "true" }, " ×"), el("span.vh", {}, " " + t("remove_filter")))));
    }
    FACETS.concat("year").forEach(function (name) {
      state[name].forEach(function (value) {
        var some = {};
        some[name] = state[name].filter(function (other) { return other !== value; });
        chip(label(name, value), some);
      });
    });
    if (state.from || state.to) chip((state.from || "…") + " – " + (state.to || "…"), { from: "", to: "" });
  }

  function label(facet, value) { return labelOf(index, facet, value); }

  function showResults() {
    var ids = shown.slice(0, limit), mine = turn;
    more.hidden = shown.length <= limit;
    return index.records(ids).then(function (records) {
      if (mine !== turn) return;
      if (limit === PAGE) list.replaceChildren();
      records.slice(list.children.length).forEach(function (record) { list.append(drawResult(record)); });
    });
  }

  function drawResult(record) {
    var href = root + (state.q ? record.url.replace(/#|$/, "?hl=" + encodeURIComponent(state.q) + "$&") : record.url);
    var meta = el("p.search-meta", {});
    if (record.date) meta.append(el("time", { datetime: record.date.replace(/[~?%/].*$/, "") }, showDate(record.date)));
    record.province.slice(0, 3).forEach(function (slug) { meta.append(el("span", {}, label("province", slug))); });
    if (record.source) meta.append(el("span", {}, label("source", record.source)));
    meta.append(el("span.badge" + (record.translated ? ".mt" : ""), { title: label("language", record.language) }, record.language.toUpperCase()));
    return el("li", {}, el("h2", { lang: record.language }, el("a", { href: href }, marked(record.title, 0, record.title.length))),
      meta, el("p.search-snippet", { lang: record.language }, snippet(record.text)));
  }

  // ---- snippets: the original text, never a folded copy ----------------------------------------------------------

  function marked(text, from, to) {
    var box = document.createDocumentFragment(), at = from;
    engine.marks(text, result).forEach(function (span) {
      if (span[0] < at || span[1] > to) return;
      box.append(text.slice(at, span[0]), el("mark", {}, text.slice(span[0], span[1])));
      at = span[1];
    });
    box.append(text.slice(at, to));
    return box;
  }

  /** About 240 characters around the place with the most marks. */
  function snippet(text) {
    var width = 240, spans = engine.marks(text, result), best = 0, start = 0;
    spans.forEach(function (span, i) {
      var n = 0;
      while (i + n < spans.length && spans[i + n][1] < span[0] + width - 60) n++;
      if (n > best) { best = n; start = Math.max(0, span[0] - 60); }
    });
    if (start) start = text.indexOf(" ", start) + 1;
    var end = Math.min(text.length, start + width);
    if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), start + 1);
    var box = el("span", {}, start ? "… " : "", marked(text, start, end), end < text.length ? " …" : "");
    return box;
  }

  // ---- facets --------------------------------------------------------------------------------------------------

  function drawFacets() {
    FACETS.concat("year").forEach(function (name) {
      var box = el("details", { "data-facet": name, toggle: function () {
        facetsOpen[name] = box.open;
        if (box.open) countFacets();
      } }, el("summary", {}, t("facet_" + name)), el("fieldset", {}, el("legend.vh", {}, t("facet_" + name)), el("ul")));
      if (state[name].length) box.open = facetsOpen[name] = true;
      facets.append(box);
    });
  }

  function years() {
    var found = new Map();
    index.months.forEach(function (month) {
      var year = month.month.slice(0, 4);
      if (year) found.set(year, (found.get(year) || 0) + month.documents);
    });
    return found;
  }

  /** Counts of the open facets: of what is found, under all other facets' choices. */
  function countFacets() {
    var mine = turn;
    return Promise.all(FACETS.concat("year").filter(function (name) { return facetsOpen[name]; }).map(function (name) {
      return countsOf(name).then(function (rows) { if (mine === turn) drawFacet(name, rows); });
    })).catch(fail);
  }

  function countsOf(name) {
    var plain = !result || (result.all && !Object.keys(inUse).length);
    if (name === "year") {
      var counts = years(), masks = without(name);
      if (!plain) {
        counts.forEach(function (_, year) { counts.set(year, 0); });
        perMonth(result.ids, masks).forEach(function (n, i) {
          var year = index.months[i].month.slice(0, 4);
          if (year) counts.set(year, counts.get(year) + n);
        });
      }
      return Promise.resolve(Array.from(counts).reverse());
    }
    var facet = index.manifest.facets[name];
    var waiting = plain ? Promise.resolve(facet.counts) : index.count(name, result.ids, without(name));
    return waiting.then(function (counts) {
      return facet.values.map(function (value, i) { return [value, counts[i]]; });
    });
  }

  function drawFacet(name, rows) {
    var ul = facets.querySelector("[data-facet=" + name + "] ul"), focused = document.activeElement && document.activeElement.id;
    rows = rows.filter(function (row) { return row[1] || state[name].includes(row[0]); });
    if (name !== "year") {
      rows.sort(function (a, b) { return state[name].includes(b[0]) - state[name].includes(a[0]) || b[1] - a[1] || label(name, a[0]).localeCompare(label(name, b[0]), language); });
    }
    ul.replaceChildren.apply(ul, rows.map(function (row) {
      var id = "f-" + name + "-" + row[0].replace(/[^\w-]/g, "_");
      var box = el("input", { type: "checkbox", id: id, value: row[0], checked: state[name].includes(row[0]), change: function () {
        var some = {};
        some[name] = box.checked ? state[name].concat(row[0]) : state[name].filter(function (value) { return value !== row[0]; });
        commit(some);
      } });
      return el("li", {}, el("label", { for: id }, box, el("span", {}, label(name, row[0])), el("span.num", {}, number(row[1]))));
    }));
    if (focused && document.getElementById(focused)) document.getElementById(focused).focus();
  }

  // ---- when: a histogram to brush --------------------------------------------------------------------------------

  function perMonth(ids, masks) {
    var counts = new Uint32Array(index.months.length), of = monthOf();
    ids.forEach(function (id) {
      if (masks.every(function (mask) { return mask[id]; })) counts[of[id]]++;
    });
    return counts;
  }
  function monthOf() {
    if (!index.monthOf) {
      index.monthOf = new Uint16Array(index.size);
      index.months.forEach(function (month, i) { index.monthOf.fill(i, month.start, month.end); });
    }
    return index.monthOf;
  }

  /** Every month from the first to the last, or every year when that would be more than 120 bars. */
  function bars() {
    var counts = perMonth(result.ids, without("when")), by = new Map(), first, last;
    var dated = index.months.filter(function (month) { return month.month.length >= 4; });
    if (!dated.length) return [];
    first = dated[0].month;
    last = dated[dated.length - 1].month;
    var byYear = (+last.slice(0, 4) - +first.slice(0, 4)) * 12 > 120, size = byYear ? 4 : 7;
    for (var year = +first.slice(0, 4); year <= +last.slice(0, 4); year++) {
      if (byYear) by.set(String(year), 0);
      else for (var n = 1; n <= 12; n++) by.set(year + "-" + String(n).padStart(2, "0"), 0);
    }
    index.months.forEach(function (month, i) {
      var name = month.month.slice(0, size);
      if (by.has(name)) by.set(name, by.get(name) + counts[i]);
    });
    return Array.from(by);
  }

  function drawWhen() {
    var rows = bars();
    when.hidden = rows.length < 2 || !result.ids.length;
    if (when.hidden) return;
    var top = Math.max.apply(0, rows.map(function (row) { return row[1]; })) || 1, width = 600, step = width / rows.length, from = -1;
    var chart = svg("svg", { viewBox: "0 0 600 60", "aria-hidden": "true", preserveAspectRatio: "none", class: "search-chart" });
    rows.forEach(function (row, i) {
      var height = row[1] ? Math.max(1.5, 56 * row[1] / top) : 0, inside = (!state.from || row[0] >= state.from.slice(0, row[0].length)) && (!state.to || row[0].slice(0, state.to.length) <= state.to);
      chart.append(svg("rect", { x: i * step, y: 60 - height, width: Math.max(step - 1, 0.5), height: height, class: inside ? "in" : "out" }));
    });
    var brush = svg("rect", { class: "brush", y: 0, height: 60, width: 0 });
    chart.append(brush);
    function at(event) {
      var box = chart.getBoundingClientRect();
      return Math.max(0, Math.min(rows.length - 1, Math.floor((event.clientX - box.left) / box.width * rows.length)));
    }
    chart.addEventListener("pointerdown", function (event) { from = at(event); chart.setPointerCapture(event.pointerId); draw(event); });
    chart.addEventListener("pointermove", function (event) { if (from >= 0) draw(event); });
    chart.addEventListener("pointerup", function (event) {
      if (from < 0) return;
      var to = at(event), low = Math.min(from, to), high = Math.max(from, to);
      from = -1;
      commit({ from: rows[low][0], to: rows[high][0] });
    });
    function draw(event) {
      var to = at(event);
      brush.setAttribute("x", Math.min(from, to) * step);
      brush.setAttribute("width", (Math.abs(to - from) + 1) * step);
    }
    when.replaceChildren(chart, el("div.search-span", {}, choice("from", rows), choice("to", rows)));
  }

  function choice(end, rows) {
    var box = el("select", { id: "search-" + end, change: function () { var some = {}; some[end] = box.value; commit(some); } }, el("option", { value: "" }, "–"));
    rows.forEach(function (row) { box.append(el("option", { value: row[0] }, row[0])); });
    if (state[end] && !rows.some(function (row) { return row[0] === state[end]; })) box.append(el("option", { value: state[end] }, state[end]));
    box.value = state[end];
    return el("label", { for: box.id }, t(end) + " ", box);
  }

  // ---- taking results away ---------------------------------------------------------------------------------------

  var COLUMNS = ["id", "title", "date", "language", "source", "province", "province63", "topic", "url"];

  function save(kind) {
    index.records(shown).then(function (records) {
      var text = kind === "csv" ? csv(records) : kind === "jsonl" ? jsonl(records) : bibtex(records);
      var type = { csv: "text/csv", jsonl: "application/x-ndjson", bibtex: "application/x-bibtex" }[kind];
      var link = el("a", { href: URL.createObjectURL(new Blob([text], { type: type + ";charset=utf-8" })), download: "results." + (kind === "bibtex" ? "bib" : kind) });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
    }).catch(fail);
  }

  function absolute(record) { return new URL(root + record.url, document.baseURI).href; }

  function csv(records) {
    var rows = records.map(function (record) {
      return COLUMNS.map(function (name) { return cell(name === "url" ? absolute(record) : [].concat(record[name]).join("; ")); }).join(",");
    });
    return "\ufeff" + [COLUMNS.join(",")].concat(rows).join("\r\n") + "\r\n";
  }
  /** A spreadsheet must not take a headline for a formula. */
  function cell(text) {
    if (/^[=+\-@\t\r]/.test(text)) text = "'" + text;
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  function jsonl(records) {
    return records.map(function (record) {
      var row = {};
      COLUMNS.forEach(function (name) { row[name] = name === "url" ? absolute(record) : record[name]; });
      return JSON.stringify(row) + "\n";
    }).join("");
  }

  function bibtex(records) {
    return records.map(function (record) {
      var fields = [["title", "{" + tex(record.title) + "}"], ["date", tex(record.date.replace(/[T~?%].*$/, ""))], ["organization", tex(record.source)],
        ["langid", { vi: "vietnamese", en: "english" }[record.language] || record.language], ["url", absolute(record).replace(/[{}\\]/g, encodeURIComponent)]];
      return "@online{" + record.id.replace(/[^\w:-]/g, "") + ",\n" + fields.filter(function (field) { return field[1]; }).map(function (field) {
        return "  " + field[0] + " = {" + field[1] + "}";
      }).join(",\n") + "\n}\n";
    }).join("\n");
  }
  function tex(text) {
    return text.replace(/[\\{}~^]/g, function (c) {
      return { "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" }[c];
    }).replace(/[%&$#_]/g, "\\$&");
  }

  // ---- start ---------------------------------------------------------------------------------------------------

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    clearTimeout(timer);
    commit({ q: input.value.trim() });
  });
  input.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(function () {
      history.replaceState(null, "", addressWith({ q: input.value.trim() }));
      apply(true);
    }, 150);
  });
  input.addEventListener("focus", function () { ready().catch(fail); }, { once: true });
  document.addEventListener("keydown", function (event) {
    var target = event.target, editing = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.nodeName);
    if (event.key === "/" && !editing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
    } else if (event.key === "Escape" && target === input && input.value) {
      input.value = "";
      commit({ q: "" });
    }
  });
  window.addEventListener("popstate", function () { apply(false); });
  apply(false);
})();
