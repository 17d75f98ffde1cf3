"""Make a folder ready for somebody's own corpus: `dateline new`."""

from __future__ import annotations

from pathlib import Path

from dateline.errors import OutputError
from dateline.model import Problem

SETTINGS = """\
# This site's settings. Every key is optional; these are the ones most people set.
title: {title}
# description: One sentence on what the collection holds.
# site_url: https://example.org/news/      # feeds, sitemap and canonical links need it
# interface: [en, vi]                      # the first is the default
"""
IGNORE = "/site/\n/.dateline/\n/.site.dateline/\n"
GITHUB = """\
# Builds the site on every push to the main branch and shows it on GitHub Pages.
# Once, in the repository: Settings → Pages → Source: GitHub Actions.
name: Publish the site
on:
  push:
    branches: [main, master]
  workflow_dispatch:
permissions:
  contents: read
  pages: write
  id-token: write
concurrency:
  group: pages
  cancel-in-progress: false
jobs:
  publish:
    runs-on: ubuntu-latest
    environment:
      name: github-pages
      url: ${{ steps.deployment.outputs.page_url }}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - uses: actions/cache@v4
        with:
          path: .dateline
          key: dateline-${{ github.run_id }}
          restore-keys: dateline-
      - uses: actions/configure-pages@v5
        id: pages
      - run: pip install dateline
      - run: dateline build --site-url "${{ steps.pages.outputs.base_url }}/"
      - run: dateline check --host github-pages
      - uses: actions/upload-pages-artifact@v3
        with:
          path: site
      - uses: actions/deploy-pages@v4
        id: deployment
"""
GITLAB = """\
# Builds the site on every push to the default branch and shows it on GitLab Pages.
pages:
  image: python:3.12
  cache:
    key: dateline
    paths: [.dateline]
  script:
    - pip install dateline
    - dateline build --site-url "$CI_PAGES_URL/"
    - dateline check --host gitlab-pages
    - mv site public
  artifacts:
    paths: [public]
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
"""


def create(folder: Path) -> list[Path]:
    """Make the folder's parts and give what was made. Refuses a folder that has anything in it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(Problem(str(folder), None, "is there already and is not empty", "choose another name"))
    made = []
    for name in ("seeds", "articles", "templates"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        made.append(folder / name)
    files = (("dateline.yml", SETTINGS.format(title=_title(folder))), (".gitignore", IGNORE),
             (".github/workflows/pages.yml", GITHUB), (".gitlab-ci.yml", GITLAB))
    for name, text in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        made.append(folder / name)
    return made


def _title(folder: Path) -> str:
    """A first title out of the folder's name, in quotes so that any name is good YAML."""
    name = folder.resolve().name.replace("-", " ").replace("_", " ").strip().capitalize() or "News"
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
