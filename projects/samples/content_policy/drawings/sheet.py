"""What the drawings draw on: shapes in units of a hundredth of the picture's side, twice enlarged for smooth edges."""

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

SIDE = 480  # pixels of the finished picture
FINE = 2  # drawn this many times larger, then reduced
UNIT = SIDE * FINE / 100
Points = Sequence[tuple[float, float]]


def tint(colour: str, light: float) -> str:
    """The colour, lighter (towards white, 0 to 1) or darker (towards black, -1 to 0)."""
    end = 255 if light > 0 else 0
    channels = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(each + (end - each) * abs(light)):02x}" for each in channels)


class Sheet:
    """A clear sheet; colours are #rrggbb."""

    def __init__(self) -> None:
        self.image = Image.new("RGBA", (SIDE * FINE, SIDE * FINE))
        self._pen = ImageDraw.Draw(self.image)

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: str, round_by: float = 0) -> None:
        corners = (x0 * UNIT, y0 * UNIT, x1 * UNIT, y1 * UNIT)
        self._pen.rounded_rectangle(corners, radius=round_by * UNIT, fill=fill)

    def oval(self, x0: float, y0: float, x1: float, y1: float, fill: str) -> None:
        self._pen.ellipse((x0 * UNIT, y0 * UNIT, x1 * UNIT, y1 * UNIT), fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        self.oval(x - radius, y - radius, x + radius, y + radius, fill)

    def ring(self, x: float, y: float, radius: float, fill: str, width: float) -> None:
        self.arc(x, y, radius, 0, 360, fill, width)

    def arc(
        self, x: float, y: float, radius: float, start: float, end: float, fill: str, width: float
    ) -> None:
        """Angles in degrees, clockwise from three o'clock."""
        corners = ((x - radius) * UNIT, (y - radius) * UNIT, (x + radius) * UNIT, (y + radius) * UNIT)
        self._pen.arc(corners, start, end, fill=fill, width=round(width * UNIT))

    def shape(self, points: Points, fill: str) -> None:
        self._pen.polygon([(x * UNIT, y * UNIT) for x, y in points], fill=fill)

    def line(self, points: Points, fill: str, width: float) -> None:
        """With round joints and ends."""
        scaled = [(x * UNIT, y * UNIT) for x, y in points]
        self._pen.line(scaled, fill=fill, width=round(width * UNIT), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, fill)

    def words(self, x: float, y: float, text: str, size: float, fill: str) -> None:
        """Centred on x and y."""
        font = ImageFont.load_default(size * UNIT)
        self._pen.text((x * UNIT, y * UNIT), text, fill=fill, font=font, anchor="mm")
