"""Fetching what an address typed by a person leads to, without ever reaching a machine inside our own network."""

import http.client
import io
import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from typing import Final
from urllib.parse import urljoin

from meervoud.core.errors import InputError

MOST_REDIRECTS: Final = 3
LONGEST_URL: Final = 2000
HTTPS_PORT: Final = 443

REFUSALS: Final[dict[str, str]] = {
    "url_too_long": "The address has %(letters)s characters; %(most)s is the most. Ask for a shorter link.",
    "url_characters": "The address has a character that does not belong in one. Write %%20 for a blank, and names with "
    "accents as your browser copies them: xn--...",
    "url_scheme": "The address does not begin with https:// or webcal://. Copy the whole link, from https:// on.",
    "url_credentials": "The address has a name or password before an @. Leave them out; use a link that needs neither.",
    "url_port": "The address names a port. Leave out the colon and the number after the name of the machine.",
    "url_host": "%(host)s is not the name of a machine on the internet. Write a whole name, like calendar.example.org.",
    "address_unresolved": "The name %(host)s is not known on the internet. Check how it is spelt.",
    "address_refused": "The name %(host)s does not lead to a public machine on the internet. Use a link that works from "
    "anywhere, for example from a telephone.",
    "fetch_certificate": "%(host)s has no valid certificate, so nobody can be sure that it is %(host)s. Ask its keeper to "
    "mend that.",
    "fetch_timeout": "%(host)s took longer than %(seconds)s seconds. Try again later.",
    "fetch_status": "%(host)s answered with %(status)s and not with a file. Open the link in your browser without "
    "signing in; it must give the file at once.",
    "fetch_redirect": "%(host)s passes on to another address. Open the link in your browser, and copy the address that "
    "it ends at.",
    "fetch_encoding": "%(host)s sends the file packed, though it was asked not to. Use another link.",
    "fetch_too_large": "The file of %(host)s is larger than %(bytes)s bytes. Ask for a shorter period.",
    "fetch_failed": "%(host)s could not be reached, or stopped half-way. Try again later, or check the link.",
}
"""Code -> English sentence with named gaps. None says to which address a name leads: that is not for outsiders to learn."""

Resolve = Callable[[str], Sequence[str]]
"""From a host name to all its addresses; raises OSError where there is none."""
Connect = Callable[[str, int, str, float], socket.socket]
"""Address, port, host name and seconds -> a connection over which the host has proved its name."""

_ALLOWED = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_URL = re.compile(r"(?P<scheme>[A-Za-z]+)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?:#.*)?")
_SCHEMES = frozenset({"https", "webcal", "webcals"})
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z]){_LABEL}")
"""Two labels or more, the last one beginning with a letter: every spelling of a number address falls outside."""

_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_REFUSED_NETWORKS = (
    ipaddress.IPv4Network("192.0.0.0/24"),  # protocol assignments, and the metadata of one cloud
    ipaddress.IPv4Network("192.88.99.0/24"),  # 6to4 relays
    ipaddress.IPv4Network("168.63.129.16/32"),  # looks public, but is the host machine in one cloud
    ipaddress.IPv6Network("2001::/23"),  # Teredo and others that wrap another address
    ipaddress.IPv6Network("2002::/16"),  # 6to4, wraps another address
    ipaddress.IPv6Network("3fff::/20"),  # for examples only
)
_MOVED = frozenset({301, 302, 303, 307, 308})
_HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "Meervoud", "Connection": "close"}


def fetch(
    url: str,
    *,
    resolve: Resolve | None = None,
    connect: Connect | None = None,
    most_bytes: int = 5_000_000,
    seconds: float = 10,
    port: int = HTTPS_PORT,
) -> bytes:
    """Return the file at an address that somebody typed.

    The name is resolved once, all its addresses must be public, and the connection goes to one of those very addresses, so
    that a name that changes its answer gains nothing. Redirects stay on the same host.

    Args:
        url: https:// or webcal://, with a host name, without a user.
        resolve: looks up a name; for tests.
        connect: opens a connection; for tests.
        most_bytes: the largest file.
        seconds: for everything together.
        port: the only port; another one is for tests.

    Raises:
        InputError: why not; the codes are the keys of REFUSALS.
    """
    place = _read_url(url, port)
    deadline = _Deadline(place.host, seconds)
    addresses = _public_addresses(place.host, resolve or resolve_name, deadline)
    visit = _Visit(addresses, connect or connect_securely, most_bytes, deadline)
    for _ in range(MOST_REDIRECTS + 1):
        answer = visit.ask(place)
        if isinstance(answer, bytes):
            return answer
        place = _next_place(place, answer.location)
    raise _refusal("fetch_redirect", host=place.host)


def is_public(address: str) -> bool:
    """Return whether an address is that of one machine on the public internet, and wraps none that is not.

    References:
        IANA special-purpose address registries; RFC 6052 (NAT64).
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.scope_id is not None or (found not in _UNICAST and found not in _NAT64):
            return False
        if found in _NAT64:
            found = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
    refused = any(found in network for network in _REFUSED_NETWORKS)
    return found.is_global and not found.is_multicast and not refused


def resolve_name(host: str) -> list[str]:
    """Return all addresses of a name; the dot at the end keeps the search domains of our own network out."""
    found = socket.getaddrinfo(f"{host}.", HTTPS_PORT, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def connect_securely(
    address: str, port: int, host: str, seconds: float, context: ssl.SSLContext | None = None
) -> ssl.SSLSocket:
    """Return a connection to an address, over which the host has proved its name by certificate."""
    ends_at = monotonic() + seconds
    plain = socket.create_connection((address, port), timeout=seconds)
    try:
        plain.settimeout(max(ends_at - monotonic(), 0.001))  # 0 would mean: do not wait at all
        return (context or _trusted()).wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def _refusal(code: str, **values: str | float) -> InputError:
    return InputError(REFUSALS[code] % values, code=code, **values)


@dataclass(frozen=True)
class _Place:
    """A checked address; `target` is path and query."""

    host: str
    port: int
    target: str

    @property
    def url(self) -> str:
        return f"https://{self.host}:{self.port}{self.target}"


@dataclass(frozen=True)
class _Moved:
    location: str


class _Deadline:
    """The moment at which everything together must be done."""

    def __init__(self, host: str, seconds: float) -> None:
        self._host, self._seconds = host, seconds
        self._ends_at = monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left, > 0."""
        left = self._ends_at - monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> InputError:
        return _refusal("fetch_timeout", host=self._host, seconds=self._seconds)


def _read_url(url: str, port: int) -> _Place:
    if len(url) > LONGEST_URL:
        raise _refusal("url_too_long", letters=len(url), most=LONGEST_URL)
    if not _ALLOWED.fullmatch(url):
        raise _refusal("url_characters" if url.strip() else "url_scheme")
    parts = _URL.fullmatch(url)
    if parts is None or parts["scheme"].lower() not in _SCHEMES:
        raise _refusal("url_scheme")
    target = (parts["path"] or "/") + (parts["query"] or "")
    return _Place(_host(parts["authority"], port), port, target)


def _host(authority: str, port: int) -> str:
    if "@" in authority:
        raise _refusal("url_credentials")
    host, colon, number = authority.lower().partition(":")
    if len(host) > 253 or not _NAME.fullmatch(host):
        raise _refusal("url_host", host=authority[:100])
    if colon and number != str(port):
        raise _refusal("url_port")
    return host


def _public_addresses(host: str, resolve: Resolve, deadline: _Deadline) -> tuple[str, ...]:
    """Look a name up, once; in a thread, for the system's own look-up knows no time limit."""
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        addresses = tuple(pool.submit(resolve, host).result(timeout=deadline.left()))
    except TimeoutError:
        raise deadline.passed() from None
    except (OSError, UnicodeError):
        addresses = ()
    finally:
        pool.shutdown(wait=False)
    if not addresses:
        raise _refusal("address_unresolved", host=host)
    if not all(map(is_public, addresses)):
        raise _refusal("address_refused", host=host)
    return addresses


def _next_place(place: _Place, location: str) -> _Place:
    """Check where a redirect leads, as strictly as what was typed; urljoin alone would drop tabs and line ends."""
    if not _ALLOWED.fullmatch(location):
        raise _refusal("url_characters")
    following = _read_url(urljoin(place.url, location), place.port)
    if following.host != place.host:
        raise _refusal("fetch_redirect", host=place.host)
    return following


@dataclass(frozen=True)
class _Visit:
    """What stays the same over the redirects: above all the addresses, so that nothing is resolved twice."""

    addresses: tuple[str, ...]
    connect: Connect
    most_bytes: int
    deadline: _Deadline

    def ask(self, place: _Place) -> bytes | _Moved:
        """Ask once, over a new connection."""
        with self._connected(place) as connected:
            connection = http.client.HTTPConnection(place.host, place.port)
            connection.auto_open = 0  # it would connect by name, which may lead elsewhere by now
            connection.sock = _TimedSocket(connected, self.deadline)
            try:
                connection.request("GET", place.target, headers={"Host": _host_header(place), **_HEADERS})
                return self._answer(place.host, connection.getresponse())
            except TimeoutError:
                raise self.deadline.passed() from None
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise _refusal("fetch_failed", host=place.host) from error

    def _connected(self, place: _Place) -> socket.socket:
        reason = self.deadline.passed()
        for number, address in enumerate(self.addresses):
            seconds = self.deadline.left() / (len(self.addresses) - number)
            try:
                return self.connect(address, place.port, place.host, seconds)
            except ssl.SSLCertVerificationError as error:
                raise _refusal("fetch_certificate", host=place.host) from error
            except TimeoutError:
                reason = self.deadline.passed()
            except OSError:
                reason = _refusal("fetch_failed", host=place.host)
        raise reason

    def _answer(self, host: str, response: http.client.HTTPResponse) -> bytes | _Moved:
        location = response.getheader("Location")
        if response.status in _MOVED and location:
            return _Moved(location)
        if response.status != http.client.OK:
            raise _refusal("fetch_status", host=host, status=response.status)
        if not _is_unpacked(response):
            raise _refusal("fetch_encoding", host=host)
        return self._body(host, response)

    def _body(self, host: str, response: http.client.HTTPResponse) -> bytes:
        too_large = _refusal("fetch_too_large", host=host, bytes=self.most_bytes)
        if response.length is not None and response.length > self.most_bytes:
            raise too_large
        body = response.read(self.most_bytes + 1)
        if len(body) > self.most_bytes:
            raise too_large
        if response.length:
            # half a calendar would show hours as free that are not
            raise http.client.IncompleteRead(body, response.length)
        return body


def _host_header(place: _Place) -> str:
    return place.host if place.port == HTTPS_PORT else f"{place.host}:{place.port}"


def _is_unpacked(response: http.client.HTTPResponse) -> bool:
    content = response.getheader("Content-Encoding", "").strip().lower()
    transfer = response.getheader("Transfer-Encoding", "").strip().lower()
    return content in {"", "identity"} and transfer in {"", "chunked"}


class _TimedSocket:
    """A connection on which every read and write ends at the deadline: a server may not send a letter now and then."""

    def __init__(self, connected: socket.socket, deadline: _Deadline) -> None:
        self._connected, self._deadline = connected, deadline

    def sendall(self, data: bytes) -> None:
        self._connected.settimeout(self._deadline.left())
        self._connected.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._connected, self._deadline))

    def close(self) -> None:
        """Leave it open: the answer is still read; who opened it closes it."""


class _TimedReader(io.RawIOBase):
    def __init__(self, connected: socket.socket, deadline: _Deadline) -> None:
        self._connected, self._deadline = connected, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # BufferedReader gives a memoryview
        self._connected.settimeout(self._deadline.left())
        return self._connected.recv_into(buffer)
