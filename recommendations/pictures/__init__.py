"""The pictures of the site: which figures each shows, in which words, and where every part of it leads."""

from .build import NAMES, build
from .model import IMAGES, Picture
from .selection import Selection

__all__ = ["IMAGES", "NAMES", "Picture", "Selection", "build"]
