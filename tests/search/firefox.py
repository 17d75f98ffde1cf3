"""The 63 names and the list of queries in Firefox, from a disk, under the strict policy. Not part of `make test`.

    python -m tests.search.firefox path/to/node_modules        (with puppeteer-core in it; firefox and node on the PATH)

Puppeteer makes Firefox laxer about file:// than it is; the preference is set back, as on a reader's machine.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

from dateline import text
from tests.search_site import document, write
from tests.test_search_browser import NAMES, joined
from tests.test_search_queries import PLANTED, planted, written

ASK = """
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
const [modules, firefox, asks] = process.argv.slice(2);
const puppeteer = createRequire(modules + "/x.js")("puppeteer-core");
const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox, headless: true,
  extraPrefsFirefox: { "security.fileuri.strict_origin_policy": true } });
const answers = [], said = [];
for (const { page: address, queries } of JSON.parse(readFileSync(asks, "utf-8"))) {
  const page = await browser.newPage();
  page.on("console", message => said.push(message.text()));
  page.on("pageerror", error => said.push(String(error)));
  await page.goto(address);
  answers.push(await page.evaluate(async queries => {
    const index = await DatelineSearch.open(new URL("search/", document.baseURI).href, "m"), found = [];
    for (const [q, typing] of queries) found.push((await index.search(q, { typing })).ids);
    return found;
  }, queries));
}
console.log(JSON.stringify({ version: await browser.version(), answers, said }));
await browser.close();
"""


def ways(name: str) -> list[str]:
    return [name, text.fold(name), unicodedata.normalize("NFD", name), joined(name)]


def expected(query: dict[str, Any], ids: list[str]) -> bool:
    return (
        ("first" not in query or ids[:1] == [query["first"]])
        and set(query.get("has", ())) <= set(ids[:10])
        and not set(query.get("lacks", ())) & set(ids)
        and (not isinstance(query.get("all"), list) or sorted(ids) == sorted(query["all"]))
    )


def main() -> int:
    names = [document(n, name, date=f"2000-{n // 28 + 1:02d}-{n % 28 + 1:02d}") for n, name in enumerate(NAMES)]
    order = [one.id for one in sorted(planted(), key=lambda one: (one.date or "", one.id))]
    with tempfile.TemporaryDirectory() as folder:
        sites = [write(Path(folder, "names"), names, small=0), write(Path(folder, "queries"), planted(), small=0)]
        queries = [
            [[way, False] for name in NAMES for way in ways(name)],
            [[written(query), bool(query.get("typing"))] for query in PLANTED["queries"]],
        ]
        asks = [{"page": site.as_uri(), "queries": some} for site, some in zip(sites, queries, strict=True)]
        Path(folder, "asks.json").write_text(json.dumps(asks), "utf-8")
        Path(folder, "ask.mjs").write_text(ASK, "utf-8")
        node, firefox = shutil.which("node") or "node", shutil.which("firefox") or "firefox"
        made = subprocess.run(
            [node, f"{folder}/ask.mjs", str(Path(sys.argv[1]).resolve()), firefox, f"{folder}/asks.json"],
            check=True, capture_output=True, text=True,
        )
    found = json.loads(made.stdout)
    first = sum(ids[:1] == [place // 4] for place, ids in enumerate(found["answers"][0]))
    wrong = [
        query["q"] for query, ids in zip(PLANTED["queries"], found["answers"][1], strict=True)
        if not expected(query, [order[number] for number in ids])
    ]
    asked = len(PLANTED["queries"])
    print(f"{found['version']}: {first} of {4 * len(NAMES)} names, {asked - len(wrong)} of {asked} queries")
    print(*(f"wrong: {query}" for query in wrong), *(f"said: {line}" for line in found["said"]), sep="\n")
    return 1 if wrong or found["said"] or first < 4 * len(NAMES) else 0


if __name__ == "__main__":
    sys.exit(main())
