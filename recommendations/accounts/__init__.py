"""Signing in, second factors, people, invitations, sessions."""
