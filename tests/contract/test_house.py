"""The rules of the house that no other tool checks."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "meervoud"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)  # Django writes those
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MODULE_LINES, TEST_LINES, FUNCTION_LINES, CLASS_LINES, TEMPLATE_LINES = 400, 600, 50, 250, 150
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "misc"}


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text("utf-8")))


def too_long(path: Path, kinds: tuple[type[ast.AST], ...], most: int) -> list[str]:
    return [
        f"{path.name}:{node.lineno} {node.name}"
        for node in nodes(path)
        if isinstance(node, kinds) and isinstance(node, (ast.FunctionDef, ast.ClassDef))
        if (node.end_lineno or 0) - node.lineno + 1 > most
    ]


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_no_file_is_over_its_ceiling() -> None:
    assert [path.name for path in MODULES if lines(path) > MODULE_LINES] == []
    assert [path.name for path in TESTS if lines(path) > TEST_LINES] == []
    templates = [path for path in SOURCE.rglob("*.html") if "templates" in path.parts]
    assert len(templates) > 50
    assert [path.name for path in templates if lines(path) > TEMPLATE_LINES] == []


def test_no_function_or_class_is_over_its_ceiling() -> None:
    assert [name for path in MODULES for name in too_long(path, (ast.FunctionDef,), FUNCTION_LINES)] == []
    assert [name for path in MODULES for name in too_long(path, (ast.ClassDef,), CLASS_LINES)] == []


def test_the_ceiling_bites(tmp_path: Path) -> None:
    long = tmp_path / "long.py"
    long.write_text("def f():\n" + "    x = 1\n" * FUNCTION_LINES, "utf-8")
    assert too_long(long, (ast.FunctionDef,), FUNCTION_LINES) == ["long.py:1 f"]


def test_every_module_says_what_it_is_about() -> None:
    silent = [
        path
        for path in MODULES
        if path.read_text("utf-8") and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def public_without_docstring(path: Path) -> list[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return [
        f"{path.name}:{node.name}"
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
        if not ast.get_docstring(node)
    ]


def test_every_public_function_and_class_of_core_has_a_docstring() -> None:
    core = [path for path in MODULES if "core" in path.parts]
    assert [name for path in core for name in public_without_docstring(path)] == []


def test_no_name_without_a_meaning() -> None:
    assert [path for path in MODULES if path.stem in FORBIDDEN_NAMES] == []


def test_nothing_is_imported_inside_a_function() -> None:
    late = [
        f"{path.name}:{inner.lineno}"
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Import, ast.ImportFrom))
    ]
    assert late == []


def test_the_core_runs_with_nothing_but_numpy_and_the_opening_hours() -> None:
    code = (
        "import sys\n"
        "class Wall:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        top = name.partition('.')[0]\n"
        "        if top in ('django','rich','babel','openpyxl','icalendar','jinja2','shapely','cattrs','dateutil','scipy'):\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Wall())\n"
        "import meervoud.core.engine.proposals, meervoud.core.engine.first_free, meervoud.core.engine.verify\n"
        "import meervoud.core.engine.reference.ranking\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_the_wall_around_the_core_bites() -> None:
    code = "import sys\nsys.modules['rich'] = None\nimport meervoud.files.output.screen\n"
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode != 0


def test_requirements_name_no_address_and_pin_every_file_by_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text
        pins = re.findall(r"^[a-z0-9][^ ]*==", text, re.MULTILINE)
        assert pins
        assert text.count("--hash=sha256:") >= len(pins)


def test_what_is_installed_is_what_the_requirements_say() -> None:
    wanted = {
        re.split(r"[><=\[; ]", each)[0]
        for each in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    }
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE))
    assert wanted <= locked


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("parameters/*.toml")), ids=lambda path: str(path.name))
def test_a_parameter_file_can_be_read_and_says_where_its_numbers_come_from(path: Path) -> None:
    text = path.read_text("utf-8")
    assert tomllib.loads(text)
    assert "ource" in text or "made-up" in text


def test_make_lists_every_target_with_a_word_of_help() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = makefile.split(".PHONY:")[1].split("\n")[0].split()
    helped = set(re.findall(r"^([a-z-]+):.*## \S", makefile, re.MULTILINE))
    assert set(phony) == helped


def test_the_two_commands_of_the_readme_are_targets_of_make() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "make demo" in readme
    assert "make test" in readme


def test_the_changelog_knows_the_version() -> None:
    version = re.search(r'__version__ = "(.+)"', (SOURCE / "__init__.py").read_text("utf-8"))
    assert version
    assert version[1] in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_manual_has_every_option_of_the_command() -> None:
    options = set(re.findall(r'"(--[a-z-]+)"', (SOURCE / "files" / "command" / "command_line.py").read_text("utf-8")))
    manual = (ROOT / "docs" / "manual" / "command.md").read_text("utf-8")
    assert sorted(option for option in options if option not in manual) == []


def test_the_manual_has_every_column_of_the_files() -> None:
    columns = tomllib.loads((SOURCE / "files" / "parameters" / "columns.toml").read_text("utf-8"))
    manual = (ROOT / "docs" / "manual" / "files.md").read_text("utf-8")
    assert sorted({name for table in columns.values() for name in table if f"`{name}`" not in manual}) == []
