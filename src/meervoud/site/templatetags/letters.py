"""What the texts of mails need."""

import json

from django import template

register = template.Library()


@register.filter
def listed(text: str) -> list[str]:
    """Return the lines that were put into one gap of a mail, which itself never breaks a line."""
    return [str(each) for each in json.loads(text)] if text else []
