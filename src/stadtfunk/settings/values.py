"""Kinds of values that several tables of the settings have."""

from typing import Annotated

from msgspec import Meta

Port = Annotated[int, Meta(ge=1, le=65_535)]
Given = Annotated[str, Meta(min_length=1)]
