"""What a picture from outside is, told by decoding all of it."""

import io
import warnings

from django.utils.translation import gettext as _

MOST_PIXELS = 50_000_000
FORMATS = {
    "PNG": ("image/png", ".png"),
    "JPEG": ("image/jpeg", ".jpg"),
    "WEBP": ("image/webp", ".webp"),
    "GIF": ("image/gif", ".gif"),
}


def measured(content: bytes) -> tuple[str, int, int]:
    """(format, width, height) of a picture that can be shown as a whole. Raises ValueError with the reason."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - only in processes in which a picture arrives

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, and of sizes, which are looked at here
            with Image.open(io.BytesIO(content), formats=list(FORMATS)) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    raise ValueError(
                        _("it has %(width)d by %(height)d pixels; 50 million are the most")
                        % {"width": width, "height": height}
                    )
                picture.load()
                return str(picture.format), width, height
    except UnidentifiedImageError:
        raise ValueError(_("it is no picture (PNG, JPEG, WebP or GIF)")) from None
    except Image.DecompressionBombError:
        raise ValueError(_("it has too many pixels; 50 million are the most")) from None
    except (OSError, SyntaxError, EOFError, IndexError, MemoryError):
        raise ValueError(_("it is cut off or damaged")) from None
