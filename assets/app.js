(function (d) {
  var root = d.documentElement, button = d.querySelector(".theme"), media = matchMedia("(prefers-color-scheme:dark)");
  function theme() { return root.dataset.theme || (media.matches ? "dark" : "light"); }
  function show() { button.setAttribute("aria-pressed", theme() === "dark"); }
  if (button) {
    button.hidden = false;
    button.onclick = function () {
      root.dataset.theme = theme() === "dark" ? "light" : "dark";
      try { localStorage.theme = root.dataset.theme; } catch (e) { /* private window: the choice lasts for this page */ }
      show();
    };
    show();
  }
  d.querySelectorAll("[data-copy]").forEach(function (copy) {
    copy.hidden = false;
    copy.onclick = function () {
      navigator.clipboard.writeText(d.getElementById(copy.dataset.copy).textContent).then(function () {
        copy.textContent = copy.dataset.done;
      });
    };
  });
  var own = d.currentScript, mark;
  if (own.dataset.highlight && /[?&]hl=/.test(location.search)) {     // opened from the search: mark what was looked for
    mark = d.createElement("script");
    mark.src = own.dataset.highlight;
    mark.dataset.engine = own.dataset.engine;
    d.head.appendChild(mark);
  }
  function follow() {                       // a link to a raw line opens the raw view
    var line = /^#L\d+$/.test(location.hash) && d.getElementById(location.hash.slice(1)), raw = d.getElementById("v-raw");
    if (line && raw) { raw.checked = true; line.scrollIntoView(); }
  }
  if (d.getElementById("v-raw")) { root.classList.add("js"); addEventListener("hashchange", follow); follow(); }
})(document);
