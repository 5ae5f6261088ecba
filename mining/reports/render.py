"""From a chart to SVG, without a browser. Workers only."""

import altair as alt
import vl_convert

from mining.reports.theme import config


def to_svg(chart: alt.TopLevelMixin, theme: str) -> str:
    """`theme`: light or dark."""
    specification = chart.to_dict()
    specification["config"] = config(theme)
    svg: str = vl_convert.vegalite_to_svg(specification)
    return svg


def to_png(chart: alt.TopLevelMixin) -> bytes:
    """For a talk or a paper: the light theme on white, twice the size."""
    specification = chart.to_dict()
    specification["config"] = config("light") | {"background": "#ffffff"}
    png: bytes = vl_convert.vegalite_to_png(specification, scale=2)
    return png
