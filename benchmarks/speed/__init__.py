"""Kashaf beside other engines on the same tokens: what indexing and faceted queries cost."""
