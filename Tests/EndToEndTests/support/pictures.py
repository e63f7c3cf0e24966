"""What a person would see at a glance: a picture's size, and that something is drawn on it."""

import io

from PIL import Image


def picture(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    assert image.format == "PNG"
    image.load()
    return image.convert("RGB")


def colours(image: Image.Image) -> int:
    return len(image.getcolors(maxcolors=image.width * image.height))


def drawn_share(image: Image.Image) -> float:
    """Returns the share of pixels that differ from the commonest colour, which is the background."""
    counts = image.getcolors(maxcolors=image.width * image.height)
    return 1 - max(count for count, _ in counts) / (image.width * image.height)
