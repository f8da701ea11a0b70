"""How is the kernel compiled? hatchling asks this when it builds a wheel, editable or not.

Without a compiler the wheel holds only the source, which Python runs as it is. ``SEARCHER_KERNEL=compiled`` in the environment makes
that an error.
"""

import os
import runpy
import sysconfig
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

KERNEL = Path("searcher/kernel")
MODULES = ("lexicon", "postings", "search", "places", "gathering", "closeness")
STABLE = "0x030B0000"
"""The version of Python from whose stable interface on the compiled modules run: 3.11."""
FLAGS = [] if os.name == "nt" else ["-O3", "-g0", "-ffp-contract=off"]
"""No sum is contracted, so that scores are the same to the last bit on every machine."""


def compile_kernel(work: Path) -> Path:
    """Compile the modules below a folder, and give the folder that holds them as they are imported."""
    from Cython.Build import cythonize  # noqa: PLC0415  (may be missing)
    from setuptools import Distribution, Extension  # noqa: PLC0415  (the same)

    source = runpy.run_path(str(KERNEL / "source.py"))["source_hash"](KERNEL)
    extensions = [
        Extension(
            f"searcher.kernel.{name}",
            [str(KERNEL / f"{name}.py")],
            define_macros=[("Py_LIMITED_API", STABLE), ("SEARCHER_SOURCE", f'"{source}"')],
            extra_compile_args=FLAGS,
            py_limited_api=True,
        )
        for name in MODULES
    ]
    made = cythonize(extensions, build_dir=str(work), compiler_directives={"language_level": 3})
    command = Distribution({"ext_modules": made}).get_command_obj("build_ext")
    command.build_lib, command.build_temp = str(work / "lib"), str(work / "temp")
    command.ensure_finalized()
    command.run()
    return work / "lib"


class CompiledKernel(BuildHookInterface[Any]):
    """Adds the compiled modules to a wheel, or none."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, if that is possible."""
        os.chdir(self.root)
        try:
            library = compile_kernel(Path(mkdtemp()))
        except Exception as error:
            # Whatever is missing or fails, the package works without.
            if os.environ.get("SEARCHER_KERNEL") == "compiled":
                raise
            self.app.display_warning(f"the kernel is not compiled and will be slow: {error}")
            return
        for made in (path for path in library.rglob("*") if path.is_file()):
            place = made.relative_to(library).as_posix()
            if version == "editable":
                Path(place).write_bytes(made.read_bytes())
            else:
                build_data["force_include"][str(made)] = place
        build_data["pure_python"] = False
        build_data["tag"] = f"cp311-abi3-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
