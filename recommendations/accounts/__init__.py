"""Accounts: sign-in, second factors, people, invitations, sessions."""
