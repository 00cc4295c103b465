"""The pictures of the site: which figures each shows, in which words, and where every part of it leads."""

from recommendations.pictures.build import NAMES, build
from recommendations.pictures.model import IMAGES, Picture
from recommendations.pictures.selection import Selection

__all__ = ["IMAGES", "NAMES", "Picture", "Selection", "build"]
