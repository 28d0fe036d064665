"""The program of the compiler process: protoc on request, over pipes.

It imports nothing of Treaty and is started by its path. One request is a length (four bytes, big endian) and a JSON
object ``{"files": {path: text}, "roots": [path], "includes": [folder]}``; one answer is a status byte (0 compiled, 1
refused), a length, and a FileDescriptorSet or what protoc wrote on standard error.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import BinaryIO, NoReturn

MEMORY = 2 * 1024**3
"""Bytes of address space one compilation may take before it fails instead of starving the machine."""


def serve(requests: BinaryIO, answers: BinaryIO, scratch: Path) -> None:
    """Answer until the other end closes."""
    from grpc_tools import protoc  # type: ignore[import-untyped]  # ships neither stubs nor annotations

    complaints = os.open(scratch / "stderr", os.O_RDWR | os.O_CREAT)
    os.dup2(complaints, 2)
    while header := requests.read(4):
        request = json.loads(requests.read(int.from_bytes(header, "big")))
        folder = scratch / "request"
        _write(folder, request["files"])
        os.chdir(folder)
        os.ftruncate(complaints, 0)
        os.lseek(complaints, 0, os.SEEK_SET)
        output = scratch / "output"
        status = protoc.main(
            [
                "protoc",
                "-I.",
                *(f"-I{include}" for include in request["includes"]),
                "--include_imports",
                "--include_source_info",
                f"--descriptor_set_out={output}",
                *request["roots"],
            ]
        )
        os.chdir(scratch)
        shutil.rmtree(folder)
        result = (scratch / "stderr").read_bytes() if status else output.read_bytes()
        answers.write(bytes([1 if status else 0]) + len(result).to_bytes(4, "big") + result)
        answers.flush()


def _write(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir()
    for name, text in files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ValueError(f"{name!r} leaves the working folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))


def main() -> NoReturn:
    """Serve on standard input and output, which protoc itself must not write to, in the folder that is the argument."""
    _limit_memory()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    scratch = Path(sys.argv[1])
    serve(sys.stdin.buffer, answers, scratch)
    os.chdir(scratch.parent)
    shutil.rmtree(scratch, ignore_errors=True)
    sys.exit(0)


if __name__ == "__main__":
    main()
