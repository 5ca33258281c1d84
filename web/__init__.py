"""What readers and programs see over HTTP: the pages and the JSON interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kashaf.web.app import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    """Imports Flask with the application alone: the settings are read without it."""
    if name != "create_app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from kashaf.web.app import create_app

    globals()[name] = create_app
    return create_app
