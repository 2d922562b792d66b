"""The kinds of endpoint that can be called: one file each, and its name here and in `Endpoint.kind`."""

from typing import Any

from evenhand.gateway.kind import Kind
from evenhand.gateway.kinds.anthropic import Anthropic
from evenhand.gateway.kinds.google import Google
from evenhand.gateway.kinds.openai import OpenAI

KINDS: dict[str, Kind[Any]] = {"openai": OpenAI(), "anthropic": Anthropic(), "google": Google()}
