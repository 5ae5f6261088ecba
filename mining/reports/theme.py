"""The one look of all charts: on transparent ground, in the site's two themes, legible in greyscale.

Colours follow static/css/tokens.css. Series differ in lightness and in shape, never in hue alone.
"""

from typing import Any

INKS = {
    "light": {
        "text": "#12161d",
        "muted": "#535c6a",
        "line": "#d8dde5",
        "mark": "#0b7557",
        "second": "#7d8796",
    },
    "dark": {
        "text": "#e8ebf0",
        "muted": "#a3abb9",
        "line": "#2a303c",
        "mark": "#63d8b0",
        "second": "#a3abb9",
    },
}
# Faces of equal widths: the worker measures words with one of them, the reader's browser draws with another.
FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
WIDTH = 560  # of the plot, pixels of the SVG
NARROW = 340  # of charts that stand side by side


def config(theme: str) -> dict[str, Any]:
    """Vega-Lite's `config`."""
    ink = INKS[theme]
    words = {"labelColor": ink["muted"], "titleColor": ink["muted"], "labelFontSize": 12, "titleFontSize": 12}
    words |= {"titleFontWeight": "normal"}
    return {
        "background": "transparent",
        "font": FONT,
        "padding": 10,
        "view": {"stroke": None, "continuousWidth": WIDTH, "discreteWidth": WIDTH},
        "axis": words
        | {
            "domainColor": ink["line"],
            "tickColor": ink["line"],
            "gridColor": ink["line"],
            "gridOpacity": 0.6,
        },
        "legend": words | {"orient": "top"},
        "range": {"category": [ink["mark"], ink["second"]]},
        "mark": {"color": ink["mark"]},
        "bar": {"color": ink["mark"]},
        "line": {"color": ink["mark"], "strokeWidth": 2},
        "point": {"color": ink["mark"], "filled": True, "size": 60, "opacity": 0.9},
        "rule": {"color": ink["mark"], "opacity": 0.35},
        "text": {"color": ink["text"], "fontSize": 12},
    }
