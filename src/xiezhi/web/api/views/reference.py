"""The OpenAPI document, and the same as a page for people: nothing is loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from xiezhi.web.accounts.guard import public
from xiezhi.web.api.machine import document


@public()
def openapi(request: HttpRequest) -> JsonResponse:
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


@public()
def reference(request: HttpRequest) -> HttpResponse:
    told = document()
    schemas = [_schema(name, schema) for name, schema in sorted(told["components"]["schemas"].items())]
    context = {"info": told["info"], "operations": list(_operations(told["paths"])), "schemas": schemas}
    return render(request, "api/reference.html", context)


def _operations(paths: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path, operations in paths.items():
        for method, told in operations.items():
            yield {
                "method": method.upper(),
                "path": path,
                "id": told["operationId"],
                "summary": told["summary"],
                "description": told.get("description", ""),
                "parameters": [*told.get("parameters", ()), *_body(told)],
                "answers": [
                    {"status": status, "description": answer["description"], "schema": _answer(answer)}
                    for status, answer in told["responses"].items()
                ],
            }


def _body(told: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Parts of a multipart body, shown as the parameters they are."""
    for media in told.get("requestBody", {}).get("content", {}).values():
        schema = media["schema"]
        for name, part in schema.get("properties", {}).items():
            yield {"name": name, "in": "form", "required": name in schema.get("required", ()), "schema": part}


def _answer(answer: Mapping[str, Any]) -> str:
    for media in answer.get("content", {}).values():
        return _kind(media["schema"])
    return ""


def _schema(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    fields = [{"name": field, "kind": _kind(told)} for field, told in schema.get("properties", {}).items()]
    return {"name": name, "description": schema.get("description", ""), "fields": fields, "enum": schema.get("enum", ())}


def _kind(told: Mapping[str, Any]) -> str:
    """A type in a word: `DeliveryOut`, `[CountOut]`, `string (date-time) | null`."""
    if "$ref" in told:
        return str(told["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in told:
        return " | ".join(_kind(one) for one in told["anyOf"])
    if told.get("type") == "array":
        return f"[{_kind(told.get('items', {}))}]"
    form = told.get("format")
    return f"{told.get('type', '')} ({form})" if form else str(told.get("type", ""))
