"""Agreements: what two sides settle, who must approve it, what they sign, and how it ends without harm."""
