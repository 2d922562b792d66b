"""The framework's application, whose OpenAPI document says what problems are sent as."""

from typing import Any

from fastapi import FastAPI

from evenhand.app.problems import PROBLEM_MEDIA_TYPE


class Api(FastAPI):
    """FastAPI, but for the media type of problems: it would describe them as plain JSON."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if self.openapi_schema is None:
            for methods in super().openapi()["paths"].values():
                for operation in methods.values():
                    content = operation["responses"]["default"]["content"]
                    content[PROBLEM_MEDIA_TYPE] = content.pop("application/json")
        return super().openapi()
