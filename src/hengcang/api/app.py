"""接口程序 The API as a whole: guard, JSON, errors, and a router per declared type."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest
from ninja import NinjaAPI, Router
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from hengcang.api import auth, book, errors, masters, meta, saved_filters
from hengcang.api.auth import Guard
from hengcang.api.request import encode
from hengcang.api.wire import components

VERSION = "1"


class JsonRenderer(BaseRenderer):
    """orjson out, decimals as plain text."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """The bytes of an answer."""
        return encode(data)


class JsonParser(Parser):
    """orjson in."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The object that was sent."""
        return orjson.loads(request.body)


class Api(NinjaAPI):
    """接口 The API; its schema has the models of every declared type."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> OpenAPISchema:
        """OpenAPI 3.1."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schema.setdefault("components", {}).setdefault("schemas", {}).update(components.schemas())
        return schema


def make_api(*further: tuple[str, Router]) -> NinjaAPI:
    """建立接口 The API with the routers of masters and meta, and further ones (documents, reports) by prefix.

    Made once, when the URLs are first needed: every declaration is registered by then.
    """
    api = Api(
        title="衡仓 Hengcang",
        version=VERSION,
        auth=Guard(),
        renderer=JsonRenderer(),
        parser=JsonParser(),
        docs_url=None,
        urls_namespace="api",
    )
    errors.handle(api)
    api.add_router("/auth", auth.router)
    api.add_router("", meta.router)
    api.add_router("", book.router)
    api.add_router("", saved_filters.router)
    for prefix, router in (*further, *masters.routers()):
        api.add_router(prefix, router)
    return api
