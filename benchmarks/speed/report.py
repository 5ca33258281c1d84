"""The figures as JSON and as Markdown tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.speed.measure import Measured
from benchmarks.speed.queries import CLASSES

Report = dict[str, Any]


def figures(measured: Measured, names: Sequence[str]) -> Report:
    """Milliseconds of CPU by engine, facets and class.

    `best` is the median over the class's queries of each one's fastest run: what the others in a shared machine
    disturb least. `p50`, `p95`, `p99` are percentiles of all runs.
    """
    report: Report = {}
    for name in names:
        report[name] = {}
        for facets in (True, False):
            rows = {}
            for group in CLASSES:
                mine = [number for number, query in enumerate(measured.queries) if query.group == group]
                cpu = [measured.cpu[name, facets][number] for number in mine]
                wall = [measured.wall[name, facets][number] for number in mine]
                everything = np.concatenate([np.array(samples) for samples in cpu]) / 1e6
                rows[group] = {
                    "best": float(np.median([min(samples) for samples in cpu])) / 1e6,
                    **{f"p{p}": float(np.percentile(everything, p)) for p in (50, 95, 99)},
                    "wall_p50": float(np.median(np.concatenate([np.array(s) for s in wall]))) / 1e6,
                    "runs": len(everything),
                    "articles": float(np.median([measured.totals[number] for number in mine])),
                }
            report[name]["facets" if facets else "no facets"] = rows
    return report


def markdown(report: Report) -> str:
    """The tables of one run."""
    names: list[str] = report["engines"]
    title: dict[str, str] = report["titles"]
    machine = report["machine"]
    lines = [
        f"# {report['corpus']['articles']:,} articles ({report['corpus']['description']})",
        "",
        f"{report['corpus']['tokens']:,} words; {machine['cpu']}, {machine['cores']} cores, load"
        f" {machine['load']} before and {report['load_after']} after; Python {machine['python']},"
        f" NumPy {machine['numpy']}; Kashaf at {machine['kashaf_commit']}; {machine['time']}.",
        "",
    ]
    if report["left out"]:
        lines += [f"Left out: {name} ({why})." for name, why in report["left out"].items()] + [""]
    lines += (
        ["**The engines disagree:**", "", *(f"- {line}" for line in report["disagreements"]), ""]
        if report["disagreements"]
        else [f"Totals, facets and months are the same in every engine, for all {report['queries']} queries.", ""]
    )
    lines += _indexing(report, names, title)
    for facets in ("facets", "no facets"):
        lines += _queries(report["query ms"], names, title, facets)
    lines += _spread(report["query ms"], names, title)
    return "\n".join(lines)


def _indexing(report: Report, names: Sequence[str], title: Mapping[str, str]) -> list[str]:
    lines = [
        "## Indexing and opening",
        "",
        "| engine | CPU s | wall s | index MB | peak MB (anonymous) | open ms | open + first answer ms |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in names:
        built, opened = report["index"][name], report["opening ms"][name]
        lines.append(
            f"| {title[name]} | {built['cpu_seconds']:.1f} | {built['wall_seconds']:.1f} | {built['bytes'] / 1e6:.0f}"
            f" | {built['peak_mb']:.0f} ({built['anonymous_mb']:.0f})"
            f" | {opened['open_cpu']:.1f} | {opened['first_answer_cpu']:.1f} |"
        )
    ours, rest = names[0], names[1:]
    lines += [
        "",
        *(
            f"{title[ours]} / {title[name]}: CPU"
            f" {report['index'][ours]['cpu_seconds'] / report['index'][name]['cpu_seconds']:.2f},"
            f" bytes {report['index'][ours]['bytes'] / report['index'][name]['bytes']:.2f}."
            for name in rest
        ),
        "",
    ]
    return lines


def _queries(rows: Report, names: Sequence[str], title: Mapping[str, str], facets: str) -> list[str]:
    ours, rest = names[0], names[1:]
    with_facets = facets == "facets"
    lines = [
        "## " + ("Top ten, total, 20 persons, 20 organisations, months" if with_facets else "Top ten and total alone"),
        "",
        "CPU ms a query (median of the queries' fastest runs); in brackets Kashaf's time divided by it.",
        "",
        "| class | articles found | " + " | ".join(title[name] for name in names) + " |",
        "|---" * (2 + len(names)) + "|",
    ]
    for group in CLASSES:
        mine = rows[ours][facets][group]["best"]
        cells = [f"{mine:.2f}"]
        for name in rest:
            theirs = rows[name][facets][group]["best"]
            cells.append(f"{theirs:.3g} ({mine / theirs:.2g})")
        lines.append(f"| {group} | {rows[ours][facets][group]['articles']:,.0f} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def _spread(rows: Report, names: Sequence[str], title: Mapping[str, str]) -> list[str]:
    lines = ["## Spread: p50 / p95 / p99 of all runs, CPU ms, with facets", ""]
    lines += ["| class | " + " | ".join(title[name] for name in names) + " |", "|---" * (1 + len(names)) + "|"]
    for group in CLASSES:
        cells = [
            " / ".join(f"{rows[name]['facets'][group][key]:.3g}" for key in ("p50", "p95", "p99")) for name in names
        ]
        lines.append(f"| {group} | " + " | ".join(cells) + " |")
    return [*lines, ""]
