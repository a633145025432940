"""How accounts work here: languages of mail, and who must use a second factor."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Our choices for allauth."""
