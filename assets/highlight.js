/* Marks in the opened article what the reader was looking for: articles/….html?hl=đào+tạo.
 *
 * <script src="…/highlight.js" data-engine="…/search-engine.js" defer>: the engine is loaded only where ?hl= is, which
 * the search page adds. Only text inside [data-highlight], <article> or <main> is touched, in place.
 */
(function () {
  "use strict";

  var query = new URLSearchParams(location.search).get("hl"), own = document.currentScript;
  if (!query) return;
  if (window.DatelineSearch) return mark(window.DatelineSearch);
  var script = document.createElement("script");
  script.onload = function () { mark(window.DatelineSearch); };
  script.src = own.dataset.engine;
  document.head.appendChild(script);

  function mark(engine) {
    var place = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));     // one of several on a page
    var article = (place && place.closest("article")) || document.querySelector("[data-highlight]") || document.querySelector("article") || document.querySelector("main");
    if (!article) return;
    var clauses = engine.parse(query);
    var plain = clauses.filter(function (clause) { return clause.length === 1 && engine.isPlain(clause[0]); });
    var words = [].concat.apply([], plain.map(function (clause) { return clause[0].words; }));
    var result = { clauses: clauses, words: words }, first = null;
    var blocks = article.querySelectorAll("h1, h2, h3, p, li, figcaption, blockquote, td");

    Array.prototype.forEach.call(blocks, function (block) {
      if (block.querySelector("p, li")) return;
      var walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT), nodes = [], text = "", next;
      while ((next = walker.nextNode())) {
        nodes.push([text.length, next]);
        text += next.data;
      }
      // From the end, so that places in front of a mark stay right.
      engine.marks(text, result).reverse().forEach(function (span) {
        for (var i = nodes.length - 1; i >= 0; i--) {
          var from = Math.max(span[0] - nodes[i][0], 0), to = Math.min(span[1] - nodes[i][0], nodes[i][1].data.length);
          if (from >= to) continue;
          var range = document.createRange(), node = document.createElement("mark");
          range.setStart(nodes[i][1], from);
          range.setEnd(nodes[i][1], to);
          range.surroundContents(node);
          if (!first || first.compareDocumentPosition(node) & 2) first = node;
        }
      });
    });
    if (first && !location.hash) first.scrollIntoView({ block: "center" });
  }
})();
