"""The desk: where staff log follow-up, review it, and keep the records. Everything here needs an account."""
