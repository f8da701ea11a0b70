"""Is the kernel compiled wherever that can be done, and does the package work where it cannot?"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
KERNEL = Path("searcher/kernel")
NO_COMPILER = {"CC": "/nowhere/cc", "LDSHARED": "/nowhere/cc"}


def run(python: Path | str, *args: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run Python with nothing of the caller's own settings."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SEARCHER_")}
    return subprocess.run(
        [str(python), *args], cwd=cwd, env={**inherited, **env}, capture_output=True, text=True, check=False
    )


def build(what: str, project: Path, out: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Have hatchling build something, as pip does."""
    code = f"import sys; from hatchling.build import {what}; {what}(sys.argv[1])"
    out.mkdir(exist_ok=True)
    return run(sys.executable, "-c", code, str(out), cwd=project, TMPDIR=str(out), **env)


def command(package: Path, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command of a package that lies in a folder."""
    main = "from searcher.cli import main; main()"
    return run(sys.executable, "-c", main, *args, cwd=package, PYTHONPATH=str(package), **env)


def is_compiled(package: Path) -> bool:
    """Ask a package that lies in a folder."""
    done = run(sys.executable, "-c", "from searcher import kernel; print(kernel.COMPILED)", cwd=package)
    return {"True\n": True, "False\n": False}[done.stdout]


def refuse_cython(folder: Path) -> None:
    """Let nothing that is imported from a folder import Cython."""
    for name in ("cython.py", "Cython.py"):
        (folder / name).write_text("raise AssertionError")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the source distribution holds, unpacked."""
    out = tmp_path_factory.mktemp("sdist")
    done = build("build_sdist", PROJECT, out)
    assert done.returncode == 0, done.stderr
    with tarfile.open(next(out.glob("*.tar.gz"))) as archive:
        archive.extractall(out, filter="data")
    return next(path for path in out.iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def small(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source, where only two small modules are to be compiled, so that this takes little time."""
    project = tmp_path_factory.mktemp("small") / "project"
    shutil.copytree(source, project)
    for types in (project / KERNEL).glob("*.pxd"):
        if types.stem not in ("pure", "lexicon"):
            types.unlink()
    (project / KERNEL / "another.pxd").touch()
    (project / KERNEL / "another.py").write_text("n: int = 1\n")
    return project


@pytest.fixture(scope="module")
def built_in_place(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy, with libraries beside their source that can be found, but not loaded."""
    out = tmp_path_factory.mktemp("editable")
    project, compiler = out / "project", out / "cc"
    shutil.copytree(small, project)
    compiler.write_text('#!/bin/sh\nwhile [ $# -gt 0 ]; do [ "$1" != -o ] || : >"$2"; shift; done\n')
    compiler.chmod(0o755)
    done = build("build_editable", project, out / "wheel", CC=str(compiler), LDSHARED=str(compiler))
    assert done.returncode == 0, done.stderr
    assert is_compiled(project)
    return project


@pytest.fixture
def editable(built_in_place: Path, tmp_path: Path) -> Path:
    """A copy of that, which a test may change."""
    return shutil.copytree(built_in_place, tmp_path / "editable")


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel, built from the source distribution."""
    out = tmp_path_factory.mktemp("wheel")
    done = build("build_wheel", source, out, SEARCHER_KERNEL="compiled")
    if "CannotCompileError" in done.stderr:
        pytest.skip("there is no C compiler")
    assert done.returncode == 0, done.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment in which the wheel is installed, and where importing Cython fails."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=os.name == "posix")
    python = folder / ("bin/python" if os.name == "posix" else "Scripts/python.exe")
    pip = ["-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    done = run(sys.executable, *pip, cwd=folder)
    assert done.returncode == 0, done.stderr
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    refuse_cython(site)
    return python


def names_of(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_source_distribution_holds_what_compiles_the_kernel(source: Path) -> None:
    needed = [PROJECT / "hatch_build.py", *(PROJECT / KERNEL).glob("*.py"), *(PROJECT / KERNEL).glob("*.pxd")]
    assert len(needed) > 5
    assert [path for path in needed if not (source / path.relative_to(PROJECT)).is_file()] == []
    assert not list((source / KERNEL).glob("compiled-*"))


def test_wheel_for_every_python_of_a_platform_holds_the_library_and_its_source(wheel: Path) -> None:
    assert "-cp311-abi3-" in wheel.name or sysconfig.get_config_var("Py_GIL_DISABLED")
    names = names_of(wheel)
    types = [path.stem for path in (PROJECT / KERNEL).glob("*.pxd")]
    for name in types:
        assert {f"searcher/kernel/{name}.py", f"searcher/kernel/{name}.pxd"} <= set(names)
    libraries = [Path(name).name.split(".")[0] for name in names if "/compiled-" in name]
    assert sorted(libraries) == sorted({*types, "_shared"} - {"pure"})


def test_building_leaves_nothing_behind(wheel: Path, source: Path) -> None:
    assert list(wheel.parent.iterdir()) == [wheel]
    assert not [path for path in source.rglob("*") if path.suffix in (".c", ".o", ".so", ".pyd")]


def test_installed_wheel_runs_compiled_without_cython(installed: Path) -> None:
    code = "from searcher.kernel import COMPILED, REMEDY, lexicon; print(COMPILED, REMEDY, lexicon.__file__)"
    done = run(installed, "-c", code, cwd=installed.parent)
    assert done.stdout.startswith("True  "), done.stderr
    assert "compiled-" in done.stdout
    told = run(installed.with_name("searcher"), "--version", cwd=installed.parent)
    assert (told.returncode, len(told.stdout.splitlines())) == (0, 1)


def test_environment_makes_a_process_and_its_helper_run_the_source(installed: Path, tmp_path: Path) -> None:
    code = """if True:
        from searcher.indexing.inversion.helper import pipeline
        from searcher.kernel import lexicon
        say = "from searcher.kernel import lexicon; open('helper', 'w').write(lexicon.__file__)"
        pipeline._PROGRAM = pipeline._PROGRAM.replace("; from", f"; {say}; from")
        helper = pipeline.HelperProcess("none")
        helper.keys()
        helper.close()
        print(lexicon.__file__, end="")
    """
    for env, is_source in ({}, False), ({"SEARCHER_KERNEL": "python"}, True):
        done = run(installed, "-c", code, cwd=tmp_path, **env)
        assert done.stdout.endswith(".py") == is_source, done.stderr
        assert (tmp_path / "helper").read_text() == done.stdout


def test_without_a_c_compiler_the_package_answers_and_says_that_it_is_slow(
    small: Path, tmp_path: Path
) -> None:
    done = build("build_wheel", small, tmp_path / "out", **NO_COMPILER)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("the kernel is not compiled and will be slow: ")
    (wheel,) = (tmp_path / "out").iterdir()
    assert wheel.name.endswith("-py3-none-any.whl")

    package = tmp_path / "package"
    shutil.unpack_archive(wheel, package, "zip")
    refuse_cython(package)
    shutil.copytree(PROJECT / "corpus", package / "corpus")
    assert command(package, "query", "-c", "ceasefire", "-1994").stdout == "3\n"
    remedy = "install a C compiler, then install searcher again"
    assert command(package, "--version").stdout.splitlines()[1:] == [
        f"kernel interpreted, so searching is slow: {remedy}"
    ]
    assert command(package, "status").stdout.endswith(
        f"\nkernel     interpreted, so searching is slow: {remedy}\n"
    )
    status = json.loads(command(package, "status", "--json").stdout)
    assert (status["is_compiled"], status["remedy"]) == (False, remedy)


@pytest.mark.parametrize("missing", ["Cython", "setuptools"])
def test_without_cython_or_setuptools_the_package_is_built_unless_it_must_be_compiled(
    small: Path, tmp_path: Path, missing: str
) -> None:
    (tmp_path / f"{missing}.py").write_text("raise ImportError('it is missing')")
    done = build("build_wheel", small, tmp_path / "out", PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stderr) == (
        0,
        "the kernel is not compiled and will be slow: it is missing\n",
    )
    assert [wheel.name[-17:] for wheel in (tmp_path / "out").iterdir()] == ["-py3-none-any.whl"]
    done = build("build_wheel", small, tmp_path / "out", PYTHONPATH=str(tmp_path), SEARCHER_KERNEL="compiled")
    assert done.stderr.endswith("CannotCompileError: it is missing\n")


def test_mistake_in_the_source_fails_the_build(small: Path, tmp_path: Path) -> None:
    project = shutil.copytree(small, tmp_path / "mistaken")
    (project / KERNEL / "another.py").write_text("def mistaken() -> int:\n    return nothing\n")
    done = build("build_wheel", project, tmp_path / "out", **NO_COMPILER)
    assert done.returncode != 0
    assert "CompileError: searcher/kernel/another.py" in done.stderr


@pytest.mark.parametrize("what", ["module is edited", "types are edited", "one module is not compiled"])
def test_library_that_does_not_fit_its_source_is_refused_in_one_line(editable: Path, what: str) -> None:
    (library,) = (editable / KERNEL).glob("compiled-*/another.*")
    if what == "one module is not compiled":
        library.unlink()
    else:
        edited = editable / KERNEL / f"another{'.py' if what == 'module is edited' else '.pxd'}"
        edited.write_text(f"{edited.read_text()}# edited\n")
    done = command(editable, "query", "war")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert (
        "install searcher again (in a clone: pip install -e .), or set SEARCHER_KERNEL=python" in done.stderr
    )
    told = command(editable, "--version", SEARCHER_KERNEL="python").stdout
    assert told.endswith("\nkernel interpreted, so searching is slow: unset SEARCHER_KERNEL\n")


def test_installing_in_place_again_removes_the_old_library_though_none_can_be_compiled(
    editable: Path, tmp_path: Path
) -> None:
    (tmp_path / "Cython.py").write_text("raise ImportError")
    done = build("build_editable", editable, tmp_path / "out", PYTHONPATH=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert not is_compiled(editable)


def test_what_builds_the_package_is_there_for_these_tests() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    assert set(project["build-system"]["requires"]) <= set(
        project["project"]["optional-dependencies"]["test"]
    )
