"""Build the search index of some texts and measure it; beside Pagefind where it is installed.

    python benchmarks/search.py texts.jsonl.gz --documents 10000 [--out folder] [--again] [--pagefind path/to/pagefind]

in:   JSON lines with id and text (first line = title); fewer than asked for are recombined by sentence, seeded
out:  a table on stdout: CPU per article (also as a ratio to deflating the texts in the same run), peak memory, bytes and
      files by kind; with --again what it costs after a change, from what the first build kept; for Pagefind the same of its
      own run
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from dateline import search, search_terms, text
from dateline.cache import Cache
from dateline.model import Output

PROVINCES = [f"province-{number}" for number in range(63)]
TOPICS = [f"topic-{number}" for number in range(12)]


def documents(path: Path, wanted: int) -> Iterator[search.SearchDocument]:
    """Real texts first; from there on new ones of sentences drawn from all, so that 100,000 can be had of 10,000."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for _, line in zip(range(wanted), lines, strict=False)]
    chance = random.Random(1)
    pool = [sentence for one in texts for sentence in text.sentences(one)] if wanted > len(texts) else []
    for number in range(wanted):
        whole = texts[number] if number < len(texts) else "\n".join(chance.choices(pool, k=22))
        title, _, body = whole.partition("\n")
        month = number * 132 // wanted
        yield search.SearchDocument(
            id=f"{number:06d}",
            url=f"articles/{number}.html",
            title=title,
            text=body,
            date=f"{2015 + month // 12}-{month % 12 + 1:02d}",
            language="vi",
            provinces34=(chance.choice(PROVINCES[:34]),),
            provinces63=(chance.choice(PROVINCES),),
            topics=tuple(chance.sample(TOPICS, 2)),
            source=f"source-{chance.randrange(40)}.vn",
        )


def deflated(document: search.SearchDocument) -> float:
    """What the machine takes for a plain operation on the same text: its speed changes from minute to minute."""
    content = document.text.encode()
    begin = time.process_time()
    zlib.compress(content, 6)
    return time.process_time() - begin


def ours(path: Path, wanted: int, out: Path | None) -> None:
    rules = search_terms.load([Path(__file__).parent.parent / "data"])
    sizes: Counter[str] = Counter()
    files: Counter[str] = Counter()
    begin = time.process_time()
    for _ in documents(path, wanted):
        pass
    reading = time.process_time() - begin
    peer = sum(map(deflated, documents(path, wanted)))
    begin = time.process_time()
    for output in search.outputs(documents(path, wanted), {}, rules):
        kind = output.path.split("/")[1].removesuffix(".js")
        sizes[kind] += len(output.content)
        files[kind] += 1
        if out:
            (out / output.path).parent.mkdir(parents=True, exist_ok=True)
            (out / output.path).write_bytes(output.content)
    cpu = time.process_time() - begin - reading
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"dateline  {wanted:7} articles  {1000 * cpu / wanted:6.2f} ms CPU each  {peak:7.0f} MB peak")
    print(f"          {cpu / peer:7.2f} times deflating the same texts, which took {1000 * peer / wanted:.3f} ms each")
    print(f"          {sum(sizes.values()) / 1e6:7.1f} MB in {sum(files.values())} files")
    for kind, size in sizes.most_common():
        print(f"          {kind:5} {size / 1e6:8.2f} MB  {files[kind]:6} files")


def again(path: Path, wanted: int) -> None:
    """A first index with all that is kept of it, then one after each of some changes."""
    rules = search_terms.load([Path(__file__).parent.parent / "data"])
    found = list(documents(path, wanted))
    middle = found[wanted // 2]
    standing: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as state:
        first = _renewed("a first index", found, rules, Path(state), standing)
        kept = sum(file.stat().st_size for file in Path(state).iterdir())
        print(f"          {kept / 1e6:7.1f} MB are kept of it")
        _renewed("nothing changed", found, rules, Path(state), standing, first)
        found[wanted // 2] = replace(middle, text=f"{middle.text}\nThêm một câu về trường học ở huyện này.")
        _renewed("a sentence more in one article", found, rules, Path(state), standing, first)
        found[wanted // 2] = replace(middle, text=found[wanted // 3].text)
        _renewed("another text in one article", found, rules, Path(state), standing, first)
        found.append(replace(middle, id="999999", date="2030-01"))
        _renewed("a new article", found, rules, Path(state), standing, first)
        found.insert(wanted // 2 + 1, replace(middle, id=f"{middle.id}x"))
        _renewed("a new article between old ones", found, rules, Path(state), standing, first)


def _renewed(what: str, found: list[search.SearchDocument], rules: search_terms.Rules, state: Path, standing: dict[str, str],
             first: float = 0.0) -> float:
    """Index once more, and say what that cost: in seconds, and of a first index. `standing` is brought up to date."""
    bare = [replace(one, text="") for one in found]
    stamps = [f"{one.id} {zlib.crc32(one.text.encode()):08x}" for one in found]
    begin = time.process_time()
    with Cache(state) as cache:
        kept = search.Kept(cache, "benchmark", stamps, lambda numbers: (found[number].text for number in numbers), str,
                           standing)
        made = {one.path: one.digest if isinstance(one, Output) else "" for one in search.renewed(bare, {}, rules, kept)}
    cpu = time.process_time() - begin
    written = sum(map(bool, made.values()))
    before = dict(standing)
    standing.clear()
    standing.update({path: digest or before[path] for path, digest in made.items()})
    print(f"          {what:32} {cpu:7.2f} s CPU  {cpu / (first or cpu):5.2f} of a first one  {written:6} of {len(made)} files made")
    return cpu


def pagefind(binary: str, path: Path, wanted: int) -> None:
    """The same texts as plain pages, indexed by Pagefind; writing the pages is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        for document in documents(path, wanted):
            body = "".join(f"<p>{html.escape(line)}</p>" for line in document.text.split("\n"))
            page = f'<!doctype html><html lang="vi"><title>{html.escape(document.title)}</title><main>{body}</main>'
            Path(folder, f"{document.id}.html").write_text(page, "utf-8")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([binary, "--site", folder, "--force-language", "vi"], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = after.ru_maxrss / 1024
    print(f"pagefind  {wanted:7} articles  {1000 * cpu / wanted:6.2f} ms CPU each  {peak:7.0f} MB peak")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("texts", type=Path)
    options.add_argument("--documents", type=int, default=2000)
    options.add_argument("--out", type=Path)
    options.add_argument("--again", action="store_true", help="measure changes, too")
    options.add_argument("--pagefind", help="the pagefind program")
    given = options.parse_args()
    ours(given.texts, given.documents, given.out)
    if given.again:
        again(given.texts, given.documents)
    if given.pagefind:
        pagefind(given.pagefind, given.texts, given.documents)


if __name__ == "__main__":
    main()
