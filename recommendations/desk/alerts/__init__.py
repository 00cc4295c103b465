"""Email digests: `contents` of a digest, the `mail` made from it, `sending`, and the `alert_pages`."""
