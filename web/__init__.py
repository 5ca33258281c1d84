"""What readers and programs see over HTTP: the pages and the JSON interface."""

from kashaf.web.app import create_app

__all__ = ["create_app"]
