"""Digests by e-mail: `periods` of time, `contents` of a digest, the `mail` made of it, and `sending`."""
