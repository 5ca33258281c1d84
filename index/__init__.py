"""Where the articles live: records, the article store, array segments, the authority file, ingest."""
