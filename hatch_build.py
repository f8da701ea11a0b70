"""How is the kernel compiled? hatchling asks this when it builds a wheel, editable or not.

Without Cython or a C compiler that works, the wheel holds only the source, which Python runs as it is. ``SEARCHER_KERNEL=compiled`` in
the environment makes that an error. A mistake in the source, which Cython finds, always is one.
"""

import os
import runpy
import shutil
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

KERNEL = Path("searcher/kernel")
IS_STABLE = not sysconfig.get_config_var("Py_GIL_DISABLED")
"""Whether one library serves every Python from 3.11 on. Free-threaded Python has no stable interface."""
FLAGS = [] if os.name == "nt" else ["-O3", "-g0", "-ffp-contract=off"]
"""No sum is contracted, so that scores are the same to the last bit on every machine."""
SHARED = "searcher.kernel._shared"
"""What Cython adds to each module that knows columns. Compiling it once halves the time."""


class CompiledKernel(BuildHookInterface[Any]):
    """Adds the compiled modules to a wheel, or none."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, if that is possible."""
        if version == "editable":
            for old in KERNEL.glob("compiled-*"):
                shutil.rmtree(old)
        self.work = TemporaryDirectory()
        try:
            library = compile_kernel(Path(self.work.name))
        except CannotCompileError as error:
            if os.environ.get("SEARCHER_KERNEL") == "compiled":
                raise
            self.app.display_warning(f"the kernel is not compiled and will be slow: {error}")
            return
        if version == "editable":
            shutil.move(library, KERNEL)
            return
        tag = self.build_config.builder.get_best_matching_tag()
        build_data["tag"] = f"cp311-abi3-{tag.rpartition('-')[2]}" if IS_STABLE else tag
        build_data["pure_python"] = False
        build_data["force_include"][str(library)] = (KERNEL / library.name).as_posix()

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Leave nothing behind."""
        self.work.cleanup()


class CannotCompileError(Exception):
    """Cython or setuptools is missing, or a C compiler that works."""


def compile_kernel(work: Path) -> Path:
    """Compile the modules below a folder, and give the folder that holds them as they are to be imported."""
    try:
        from setuptools import Distribution, Extension  # noqa: I001, PLC0415  (may be missing; Cython asks whether it is here)
        from Cython.Build import cythonize  # noqa: PLC0415
    except ImportError as error:
        raise CannotCompileError(str(error)) from error
    source = runpy.run_path(str(KERNEL / "source.py"))
    files = {
        f"searcher.kernel.{name}": [str(KERNEL / f"{name}.py")]
        for name in source["compiled_modules"](str(KERNEL))
    }
    extensions = [
        Extension(
            name,
            sources,
            define_macros=[("Py_LIMITED_API", "0x030B0000")] if IS_STABLE else [],
            extra_compile_args=FLAGS,
            py_limited_api=IS_STABLE,
        )
        for name, sources in {**files, SHARED: []}.items()
    ]
    translated = cythonize(extensions, build_dir=str(work), shared_utility_qualified_name=SHARED)
    command = Distribution({"ext_modules": translated}).get_command_obj("build_ext")
    command.build_lib, command.build_temp, command.parallel = str(work / "lib"), str(work / "temp"), True
    try:
        command.ensure_finalized()
        command.run()
    except Exception as error:
        raise CannotCompileError(str(error)) from error
    compiled = work / "lib" / KERNEL
    return compiled.rename(compiled.with_name(source["library"](str(KERNEL))))
