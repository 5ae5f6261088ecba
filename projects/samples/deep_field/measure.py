"""Measures the chosen sources: the catalogue attributes of Deep field, in the order of project.yaml.

All of it on an 8-bit display picture: good for shapes and for comparing sources with each other, not for
photometry. Rows are sources in the order of `segments.labels`.
"""

from dataclasses import dataclass

import numpy as np
from astropy.utils.masked import get_data_and_mask
from numpy.typing import NDArray
from photutils.segmentation import SegmentationImage, SourceCatalog
from scipy.spatial import KDTree

from projects.samples.deep_field import find, shape

Column = NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """x, y: centre of the light, pixels; extent: outline's length, pixels; attributes: key -> one per source."""

    labels: NDArray[np.int64]
    x: Column
    y: Column
    extent: Column
    attributes: dict[str, Column]

    def only(self, kept: NDArray[np.bool_]) -> "Measured":
        """The sources where `kept` is true, in the same order."""
        columns = {key: column[kept] for key, column in self.attributes.items()}
        return Measured(self.labels[kept], self.x[kept], self.y[kept], self.extent[kept], columns)


def measure(field: find.Field, segments: SegmentationImage, labels: NDArray[np.int64]) -> Measured:
    """Measures the sources named by `labels`; the others serve as neighbours only."""
    everything = SourceCatalog(field.grey, segments, convolved_data=field.smooth)
    chosen = everything.select_labels(labels)
    x, y = plain(chosen.x_centroid), plain(chosen.y_centroid)
    per_source = [_one(field, segments, label) for label in labels]
    extent = np.array([row.pop("extent_px") for row in per_source])
    own = {key: np.array([row[key] for row in per_source]) for key in per_source[0]}
    area = plain(chosen.area)
    light = plain(chosen.segment_flux)
    r20, r50, r80 = (plain(chosen.flux_radius(share)) for share in (0.2, 0.5, 0.8))
    red, green, blue = own["display_red"], own["display_green"], own["display_blue"]
    attributes = {
        "display_red": red,
        "display_green": green,
        "display_blue": blue,
        "display_blue_minus_red": 2.5 * np.log10(red / blue),
        "display_green_minus_red": 2.5 * np.log10(red / green),
        "display_magnitude": -2.5 * np.log10(light),
        "surface_brightness_mean": light / area,
        "surface_brightness_peak": plain(chosen.max_value),
        "area_px": area,
        "across_px": find.across(area),
        "radius_half_light_px": r50,
        "radius_kron_px": plain(chosen.kron_radius) * plain(chosen.semimajor_axis),
        "ellipticity": plain(chosen.ellipticity),
        "orientation_deg": plain(chosen.orientation) % 180.0,
        "concentration": 5.0 * np.log10(r80 / r20),
        "gini": plain(chosen.gini),
        "m20": own["m20"],
        "asymmetry": own["asymmetry"],
        "neighbour_distance_px": _nearest(everything, x, y, light),
    }
    return Measured(labels=labels, x=x, y=y, extent=extent, attributes=attributes)


def plain(values: object) -> Column:
    """A catalogue column as a float array, without unit; masked values become NaN."""
    data, mask = get_data_and_mask(getattr(values, "value", values))
    column = np.asarray(data, dtype=np.float64)
    return column if mask is None else np.where(mask, np.nan, column)


def _one(field: find.Field, segments: SegmentationImage, label: int) -> dict[str, float]:
    """What photutils does not measure: mean levels by channel, M20, asymmetry, extent."""
    window = segments.slices[segments.get_index(label)]
    inside = segments.data[window] == label
    # A faint source can be negative in a channel; one grey level keeps its colour index finite.
    red, green, blue = np.maximum(field.colour[window][inside].mean(axis=0), 1.0)
    light = field.grey[window]
    return {
        "display_red": float(red),
        "display_green": float(green),
        "display_blue": float(blue),
        "m20": shape.m20(light, inside),
        "asymmetry": shape.asymmetry(light, inside, field.noise),
        "extent_px": shape.extent(inside),
    }


def _nearest(everything: SourceCatalog, x: Column, y: Column, light: Column) -> Column:
    """Distance to the nearest other source with at least a fifth of this one's light; 1000 where none has."""
    points = np.column_stack([plain(everything.x_centroid), plain(everything.y_centroid)])
    lights = plain(everything.segment_flux)
    tree = KDTree(points)
    nearest = np.full(len(x), 1000.0)
    for row, here in enumerate(np.column_stack([x, y])):
        distances, others = tree.query(here, k=200)
        rivals = (distances > 0.01) & (lights[others] >= 0.2 * light[row])
        if rivals.any():
            nearest[row] = distances[rivals][0]
    return nearest
