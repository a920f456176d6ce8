"""Plots of the page: SVG files that follow the reader's light or dark scheme."""

import re
import sys
from collections.abc import Mapping, Sequence
from math import ceil, floor, log10
from pathlib import Path
from typing import Any, TypeAlias

import pygal
from pygal.style import Style

Bars: TypeAlias = Mapping[str, float] | Mapping[str, Mapping[str, float]]
"""The length of each bar by its label, or the lengths of its parts by their names."""

PLOTS = Path(__file__).parent.parent / "docs" / "plots"

# Its finder of maps is of a kind that Python warns of, and we draw none.
sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, pygal.PluginImportFixer)]

_CSS = Path(__file__).parent / "plots.css"
_WIDTH = 820
_HEIGHT_OF_A_BAR = 30
_HEIGHT_BESIDE_BARS = 110
_HEIGHT_OF_A_LEGEND = 25
_HEIGHT = 380
_FONT_SIZE = 12
_NO_PICTURE = re.compile(r"<!--.*?-->|<script.*?</script>", re.DOTALL)
_MANY = 100
_LABELLED_SHARE = 0.03
"""Of a treemap's area; what is smaller has no room for its name."""
_STYLE = Style(
    background="transparent",
    plot_background="transparent",
    font_family="system-ui, sans-serif",
    colors=("#1f77d0", "#d9731a", "#2a9d5c", "#a04fb5", "#c94f4f", "#7d828c", "#158a9c", "#8f7d00"),
    label_font_size=_FONT_SIZE,
    major_label_font_size=_FONT_SIZE,
    legend_font_size=_FONT_SIZE,
    value_font_size=_FONT_SIZE,
    value_label_font_size=_FONT_SIZE,
    title_font_size=15,
    opacity=".9",
)


def bars(name: str, title: str, values: Bars, *, unit: str) -> str:
    """Draw a bar for each value, or one of parts in a row; return the image as Markdown."""
    stacks = {
        label: value if isinstance(value, Mapping) else {unit: value}
        for label, value in reversed([*values.items()])  # pygal draws the first at the bottom
    }
    parts = list(dict.fromkeys(part for stack in stacks.values() for part in stack))
    is_stacked = len(parts) > 1
    kind = pygal.HorizontalStackedBar if is_stacked else pygal.HorizontalBar
    legends = _HEIGHT_OF_A_LEGEND * ceil(len(parts) / 2) if is_stacked else 0
    height = _HEIGHT_OF_A_BAR * len(stacks) + _HEIGHT_BESIDE_BARS + legends
    chart = kind(
        **_look(title, height),
        show_legend=is_stacked,
        print_values=not is_stacked,
        x_title=unit,
    )
    chart.x_labels = list(stacks)
    for part in parts:
        chart.add(part, [stack.get(part) for stack in stacks.values()])
    return _written(name, title, chart)


def lines(
    name: str,
    title: str,
    series: Mapping[str, Sequence[tuple[float, float]]],
    *,
    x_title: str,
    y_title: str,
) -> str:
    """Draw a line through the points of each series, over a scale of powers of ten; as `bars`."""
    chart = pygal.XY(
        **_look(title, _HEIGHT),
        x_title=x_title,
        y_title=y_title,
        stroke_style={"width": 2.5},
        range=(0, 1.1 * max(y for points in series.values() for _, y in points)),
    )
    exponents = [log10(x) for points in series.values() for x, _ in points]
    chart.x_labels = list(range(floor(min(exponents)), ceil(max(exponents)) + 1))
    chart.x_value_formatter = lambda exponent: f"{10**exponent:,.0f}"
    for label, points in series.items():
        chart.add(label, [(log10(x), y) for x, y in points])
    return _written(name, title, chart)


def treemap(name: str, title: str, groups: Mapping[str, Mapping[str, float]]) -> str:
    """Draw an area in proportion to each value, by groups; as `bars`."""
    chart = pygal.Treemap(**_look(title, _HEIGHT), print_labels=True)
    least = _LABELLED_SHARE * sum(sum(values.values()) for values in groups.values())
    for group, values in groups.items():
        chart.add(
            group,
            [
                {"value": value, "label": label if value >= least else ""}
                for label, value in values.items()
            ],
        )
    return _written(name, title, chart)


def _look(title: str, height: int) -> dict[str, Any]:
    return {
        "title": title,
        "style": _STYLE,
        "css": ["file://style.css", "file://graph.css", f"file://{_CSS}"],
        "js": [],
        "width": _WIDTH,
        "height": height,
        "explicit_size": True,
        "disable_xml_declaration": True,
        "legend_at_bottom": True,
        "legend_box_size": _FONT_SIZE,
        "truncate_legend": -1,
        "truncate_label": -1,
        "no_prefix": True,
        "value_formatter": _number,
    }


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= _MANY or value == int(value) else f"{value:.3g}"


def _written(name: str, title: str, chart: pygal.Graph) -> str:
    """Write the plot as a picture: the same figures are the same file, on every machine.

    It has no day, no random name, and no script, which would tell of the folder it was drawn in.
    """
    PLOTS.mkdir(exist_ok=True)
    chart.uuid = name
    drawn = _NO_PICTURE.sub("", chart.render(is_unicode=True))
    (PLOTS / f"{name}.svg").write_text(drawn + "\n", encoding="utf-8")
    return f"![{title}](plots/{name}.svg)"
