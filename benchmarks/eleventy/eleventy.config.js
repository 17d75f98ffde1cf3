// The pages of benchmarks/hugo in Eleventy: a page for each article, paged lists for every value of five taxonomies, feeds, sitemap.
const KINDS = ["provinces", "topics", "langs", "publishers", "years"];
const PAGE = 50;

function lists(articles) {
  const found = new Map([["", articles]]);
  for (const article of articles)
    for (const kind of KINDS)
      for (const value of article.data[kind] || []) {
        const key = `${kind}/${value}`;
        if (!found.has(key)) found.set(key, []);
        found.get(key).push(article);
      }
  return found;
}

function pages(articles) {
  const made = [];
  for (const [key, row] of lists(articles)) {
    const last = Math.max(0, Math.ceil(row.length / PAGE) - 1);
    const path = (at) => (at ? `/${key || "index"}/page/${at + 1}.html` : `/${key || "index"}.html`);
    for (let at = 0; at <= last; at += 1)
      made.push({ title: key || "News", path: path(at), items: row.slice(at * PAGE, (at + 1) * PAGE),
        newer: at ? path(at - 1) : "", older: at < last ? path(at + 1) : "" });
  }
  return made;
}

module.exports = function (config) {
  const newestFirst = (api) => api.getFilteredByTag("article").sort((one, other) => other.date - one.date);
  config.addCollection("articles", (api) => {
    const row = newestFirst(api);
    row.forEach((article, at) => {
      article.data.newer = row[at - 1] && { url: row[at - 1].url, title: row[at - 1].data.title };
      article.data.older = row[at + 1] && { url: row[at + 1].url, title: row[at + 1].data.title };
    });
    return row;
  });
  config.addCollection("pages", (api) => pages(newestFirst(api)));
  config.addCollection("feeds", (api) => [...lists(newestFirst(api))].map(([key, row]) => ({
    title: key || "News", path: `/${key || "index"}.xml`, items: row.slice(0, PAGE) })));
  config.addCollection("indexes", (api) => KINDS.map((kind) => ({ title: kind, path: `/${kind}.html`,
    rows: [...lists(newestFirst(api))].filter(([key]) => key.startsWith(`${kind}/`)).map(([key, row]) => [key, row.length]) })));
  config.addFilter("day", (date) => date.toISOString().slice(0, 10));
  config.setQuietMode(true);
  return { dir: { input: "content", includes: "../_includes", output: "output" }, markdownTemplateEngine: false, htmlTemplateEngine: "njk" };
};
