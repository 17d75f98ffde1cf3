(function (d) {                             // an article that shared this page has one of its own: its anchor leads there
  var row = location.hash && d.getElementById(decodeURIComponent(location.hash.slice(1))), link = row && row.querySelector("a");
  if (link) location.replace(link.href.split("#")[0] + location.search);
})(document);
