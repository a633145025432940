"""Logs without personal data: no query strings, no bodies, no names, no addresses."""

import json
import logging
import re
from typing import Final

ADDRESS: Final = re.compile(r"[^\s@\"'<>]+@[^\s@\"'<>]+\.\w+")
QUERY: Final = re.compile(r"\?[^\s\"']*")
IPV4: Final = re.compile(r"\b(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}\b")
SECRET_PATH: Final = re.compile(r"(/(?:claim|invitation|feed|mail|here|door|sheet|a|s)/)[^\s/\"']+")


def without_personal_data(text: str) -> str:
    """Return a line of a log without addresses, query strings, the end of an IP address and secret links."""
    text = ADDRESS.sub("[address]", text)
    text = QUERY.sub("?[...]", text)
    text = SECRET_PATH.sub(r"\1[secret]", text)
    return IPV4.sub(r"\1.0", text)


class PrivateFilter(logging.Filter):
    """Takes personal data out of each record before anything writes it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean the message in place."""
        record.msg, record.args = without_personal_data(record.getMessage()), None
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a traceback is kept, with the same cleaning."""
        said = {"at": self.formatTime(record), "level": record.levelname, "from": record.name, "what": record.msg}
        if record.exc_info:
            said["trace"] = without_personal_data(self.formatException(record.exc_info))
        return json.dumps(said, ensure_ascii=False)
