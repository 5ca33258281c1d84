"""The formats in which articles leave. To add one, add its line: pages, JSON links, contract and tests follow."""

from __future__ import annotations

from kashaf.web.export_bibtex import BIBTEX
from kashaf.web.export_csl import CSL
from kashaf.web.export_csv import CSV
from kashaf.web.export_jsonl import JSONL
from kashaf.web.export_ninjs import NINJS
from kashaf.web.export_ris import RIS

FORMATS = {form.name: form for form in (CSV, JSONL, RIS, BIBTEX, CSL, NINJS)}
BY_EXTENSION = {form.extension: form for form in FORMATS.values()}
