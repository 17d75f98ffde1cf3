"""The shape of the code: no import cycles, stages that do not know each other, one module that prints."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "dateline"
MODULES = {path.stem: path for path in sorted(PACKAGE.glob("*.py")) if path.stem not in {"__init__", "__main__"}}
STAGES = {"read", "clean", "extract", "tag", "articles", "link", "pages", "render", "index", "publish"}


def imports(path: Path, *, typing_too: bool = True) -> set[str]:
    """Our modules that this one imports, lazily too."""
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = set()
    if not typing_too:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
                skipped |= {id(child) for child in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.ImportFrom) and node.module == "dateline":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dateline."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("dateline.")}
    return found & set(MODULES)


def test_there_are_no_import_cycles():
    graph = {name: imports(path, typing_too=False) for name, path in MODULES.items()}
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join((*trail, name))
        if name not in done:
            for other in sorted(graph[name]):
                walk(other, (*trail, name))
            done.add(name)

    for name in graph:
        walk(name, ())


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_a_stage_imports_no_other_stage(stage):
    assert imports(MODULES[stage], typing_too=False) & STAGES == set()


def test_only_the_command_line_prints():
    for name, path in MODULES.items():
        if name == "cli":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"print", "input"}, f"{name}:{node.lineno} speaks; only cli.py does"


def test_only_language_imports_langdetect():
    for name, path in MODULES.items():
        if name != "language":
            assert "langdetect" not in path.read_text(encoding="utf-8"), name


def test_no_module_has_grown_past_six_hundred_lines():
    for name, path in MODULES.items():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 600, name


def test_every_module_opens_with_its_contract():
    for name, path in MODULES.items():
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), name


def test_the_architecture_page_names_every_module():
    text = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    missing = [name for name in MODULES if f"`{name}`" not in text]
    assert not missing, missing
