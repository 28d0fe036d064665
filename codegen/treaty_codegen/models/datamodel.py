"""The adapter to datamodel-code-generator 0.89.0: schemas in, the source it writes out. Nothing else imports it.

It sees structure under numbered names only (`rewriting`), and what it writes is parsed, never run (`reading`). Large
inputs get a process of their own: a second run in one process takes twice as long, and its memory stays.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from treaty.errors import CannotCheck

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.documents.location import JsonValue

__all__ = ["PINNED", "python_source"]

PINNED = "0.89.0"
_LARGE = 250
_ADVICE = "this is a defect of the generator: please report it with the contract"


def python_source(schemas: Mapping[str, JsonValue]) -> str:
    """The Pydantic models of ``schemas``, OpenAPI 3.1 component schemas by name, as Python source.

    Raises CannotCheck when the library does not take them.
    """
    document = json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "definitions", "version": "1"},
            "paths": {},
            "components": {"schemas": dict(schemas)},
        },
        default=float,
    )
    if len(schemas) < _LARGE:
        return _generate(document)
    # -P: what lies in the working directory is no module of this program, whatever it is called.
    command = [sys.executable, "-P", "-m", __name__]
    done = subprocess.run(command, input=document, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        reason = done.stderr.strip().rpartition("\n")[2][:300]
        raise CannotCheck(f"datamodel-code-generator does not take these schemas: {reason}", advice=_ADVICE)
    return done.stdout


def _generate(document: str) -> str:
    import warnings

    from datamodel_code_generator import Error, generate
    from datamodel_code_generator.config import GenerateConfig
    from datamodel_code_generator.enums import DataModelType, InputFileType, OpenAPIScope
    from datamodel_code_generator.format import DatetimeClassType, Formatter, PythonVersion

    config = GenerateConfig(
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_311,
        openapi_scopes=[OpenAPIScope.Schemas],
        output_datetime_class=DatetimeClassType.Awaredatetime,
        formatters=[Formatter.BUILTIN],
        disable_timestamp=True,
        use_annotated=True,
        field_constraints=True,
        strict_nullable=True,
        use_type_alias=True,
        use_union_operator=True,
        use_standard_collections=True,
        treat_dot_as_module=False,
        keep_model_order=True,
        allow_remote_refs=False,
    )
    with warnings.catch_warnings():
        # It warns about choices of the input that are ours, and about its own future defaults.
        warnings.simplefilter("ignore")
        try:
            written = generate(document, config=config)
        except (Error, ValueError, TypeError, KeyError, RecursionError) as error:
            reason = f"{type(error).__name__}: {error}"[:300]
            raise CannotCheck(
                f"datamodel-code-generator does not take these schemas: {reason}", advice=_ADVICE
            ) from error
    return written if isinstance(written, str) else ""


if __name__ == "__main__":
    import gc

    # The process ends with its answer: looking for garbage costs a tenth of its time and saves next to no memory.
    gc.disable()
    sys.stdout.write(_generate(sys.stdin.read()))
