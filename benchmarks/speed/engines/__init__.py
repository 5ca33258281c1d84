"""One module an engine: how it is built from the corpus and how it is asked."""
