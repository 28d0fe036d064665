"""The types of a large contract: parts by the resource that uses them, imported when they are asked for."""

from __future__ import annotations

import ast
import importlib
import sys
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.codegen.generated_code import emit, imported, openapi, operation

from treaty_codegen.models import parts

if TYPE_CHECKING:
    from pathlib import Path

    from treaty_codegen.outcome import Emitted


def reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def holder(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


SCHEMAS = {
    "Money": holder(amount={"type": "string"}),
    "Order": holder(total=reference("Money"), lines={"type": "array", "items": reference("Line")}),
    "Line": holder(order=reference("Order"), note={"type": "string"}),
    "Refund": {"allOf": [reference("Base"), holder(total=reference("Money"))]},
    "Base": holder(id={"type": "string"}),
    "Event": holder(order=reference("Order"), refund=reference("Refund")),
}
PATHS = {
    "/orders": {"get": operation(reference("Order"), operationId="orders.get")},
    "/refunds": {"get": operation(reference("Refund"), operationId="refunds.get")},
    # A resource that takes the name the part for several resources would have.
    "/common": {"get": operation({"type": "string"}, operationId="common.get")},
}


@pytest.fixture
def emitted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Emitted:
    monkeypatch.setattr(parts, "_LARGE", 3)
    return emit(openapi(SCHEMAS, PATHS), tmp_path)


def classes(emitted: Emitted) -> dict[str, list[str]]:
    return {
        path.rpartition("/")[2]: [node.name for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
        for path, text in emitted.files.items()
        if "/models/" in path
    }


def test_each_type_is_where_it_is_used(emitted: Emitted) -> None:
    assert classes(emitted) == {
        "__init__.py": [],
        "_common2.py": ["Money"],
        "_orders.py": ["Line", "Order"],
        "_refunds.py": ["Base", "Refund"],
        "_other.py": ["Event"],
    }
    assert not any(path.endswith("/models.py") and "_runtime" not in path for path in emitted.files)


def test_only_what_is_used_is_imported(emitted: Emitted, tmp_path: Path) -> None:
    with imported(emitted, tmp_path) as package:
        name = package.__name__
        importlib.import_module(f"{name}.resources.refunds")
        loaded = {module.rpartition(".")[2] for module in sys.modules if module.startswith(f"{name}.models.")}
        assert loaded == {"_common2", "_refunds"}
        event = package.models.Event.model_validate({"order": {"lines": [{"order": {}}]}, "refund": {"total": {}}})
        assert type(event.order.lines[0].order) is package.models.Order
        assert type(event.refund.total) is package.models.Money
        assert sorted(dir(package.models)) == ["Base", "Event", "Line", "Money", "Order", "Refund"]
        with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
            _ = package.models.Nothing


def test_small_contracts_have_one_module(tmp_path: Path) -> None:
    emitted = emit(openapi(SCHEMAS, PATHS), tmp_path)
    assert classes(emitted) == {}
    assert any(path.endswith("/models.py") and "_runtime" not in path for path in emitted.files)
