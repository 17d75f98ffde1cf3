// The built site in Firefox ESR, from the disk and over HTTP: `make firefox`.
//
// Home, the views of an article, the map's switch, a list, search, the concordance. Every message of a script, error, refusal of
// the security policy, foreign request and file that does not load is a complaint; any makes this fail. (The driver does not
// hear of files that are missing on a disk, nor of Firefox's own warnings: the page itself listens for the first.) Firefox keeps files apart on file:// (its strict origin
// policy), which the driver would turn off: here it is on, as in everybody's Firefox.
import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const site = resolve(process.argv[2] ?? "site"), tools = resolve(process.argv[3] ?? ".tools");
const puppeteer = createRequire(join(tools, "package.json"))("puppeteer-core");
const TYPES = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2" };

function first(folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    const found = statSync(path).isDirectory() ? first(path) : path.endsWith(".html") ? path : null;
    if (found) return found;
  }
  return null;
}

const complaints = [];
let checks = 0;
function check(holds, words) {
  checks += 1;
  if (!holds) complaints.push(words);
}

async function visit(browser, root, name) {
  const page = await browser.newPage(), heard = [];
  page.on("console", (message) => heard.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => heard.push(`error: ${error.message}`));
  page.on("requestfailed", (request) => heard.push(`failed: ${request.url()}`));
  page.on("request", (request) => { if (!request.url().startsWith(root) && !request.url().startsWith("data:")) heard.push(`foreign: ${request.url()}`); });
  page.on("response", (response) => { if (response.status() >= 400) heard.push(`${response.status()}: ${response.url()}`); });
  await page.evaluateOnNewDocument(() => {
    const tell = (words) => console.warn(words);
    addEventListener("error", (event) => tell(`does not load: ${event.target.src || event.target.href || event.message}`), true);
    addEventListener("securitypolicyviolation", (event) => tell(`refused: ${event.violatedDirective} ${event.blockedURI}`));
  });
  const shown = (selector) => page.$eval(selector, (e) => e.checkVisibility());
  const choose = (id) => page.$eval(`#${id}`, (e) => e.click());

  await page.goto(root + "index.html");
  check((await page.$$(".list article")).length > 0, `${name}: home lists no article`);
  check((await page.evaluate(async () => { await document.fonts.ready; return [...document.fonts].some((one) => one.status === "loaded"); })), `${name}: no font of ours is used`);
  await choose("u63");
  check(await shown(".u63") && !(await shown(".u34")), `${name}: the map does not switch`);
  await page.$eval(".theme", (e) => e.click());
  check(await page.evaluate(() => document.documentElement.dataset.theme === "dark"), `${name}: the theme does not switch`);

  await page.goto(root + first(join(site, "articles")).slice(site.length + 1));
  check(await shown(".body") && !(await shown(".raw")), `${name}: the clean text is not what opens`);
  await choose("v-raw");
  check(await shown(".raw") && !(await shown(".body")), `${name}: the raw view does not open`);
  if (await page.$("#v-ev")) {
    await choose("v-ev");
    const ground = await page.$eval(".body mark", (e) => getComputedStyle(e).backgroundColor);
    check(ground !== "rgba(0, 0, 0, 0)", `${name}: evidence is not marked`);
  }
  await page.goto(root + "provinces/ha-noi.html");
  check((await page.$$(".facets a")).length > 0, `${name}: a list has no facets`);

  await page.goto(root + "search.html?q=education");
  await page.waitForSelector(".search-results li");
  check((await page.$$(".search-results mark")).length > 0, `${name}: nothing is marked in what was found`);
  await page.goto(root + "search.html");
  await page.type("#sq, #search-app input[type=search]", "học sinh");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".search-results li");
  await page.goto(root + "concordance.html?q=education");
  await page.waitForSelector(".kwic tbody tr");
  check(!heard.length, `${name}: ${heard.join("; ")}`);
  await page.close();
}

function served() {
  const server = createServer((request, response) => {
    const path = join(site, decodeURIComponent(new URL(request.url, "http://x").pathname));
    if (!path.startsWith(site) || !existsSync(path) || statSync(path).isDirectory()) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": TYPES[extname(path)] ?? "text/plain" });
    return createReadStream(path).pipe(response);
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

const browser = await puppeteer.launch({
  browser: "firefox", executablePath: "/usr/bin/firefox-esr", headless: true,
  extraPrefsFirefox: { "security.fileuri.strict_origin_policy": true },
});
const server = await served();
console.log(await browser.version());
for (const [name, root] of [["disk", pathToFileURL(site).href + "/"], ["HTTP", `http://127.0.0.1:${server.address().port}/`]]) {
  await visit(browser, root, name).catch((error) => complaints.push(`${name}: ${error.message}`));
}
await browser.close();
server.close();
console.log(complaints.length ? complaints.join("\n") : `${checks} checks, no complaint`);
process.exitCode = complaints.length ? 1 : 0;
