(function () {                              // an article's own page that is now a place on a page of several
  var width = +document.documentElement.dataset.lookup, path = location.pathname;
  var old = /^(.*?\/)articles\/((?:undated|\d{4}(?:\/\d\d)?)\/[^\/]*-([0-9a-f]{8,32}))(?:\.html)?$/.exec(path);
  if (!old) return;
  fetch(old[1] + "articles/at/" + (old[3].slice(0, width) || "all") + ".json").then(function (answer) {
    return answer.ok ? answer.json() : {};
  }).then(function (table) {
    var place = table[old[2]] || table[old[3]];
    if (place) location.replace(old[1] + "articles/" + place.replace("#", location.search + "#"));
  });
})();
