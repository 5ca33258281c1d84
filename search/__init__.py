"""How a question becomes results: query language, execution, facets, highlights, suggestions."""
