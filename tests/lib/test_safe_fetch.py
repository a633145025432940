"""Fetching by a typed address: files from the public internet come in, and nothing ever reaches a machine inside."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from meervoud.core.errors import InputError
from meervoud.lib.safe_fetch import REFUSALS, connect_securely, fetch, is_public, resolve_name

PUBLIC, PUBLIC_SIX = "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"
URL = "https://calendar.example.org/room.ics"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nroom"
NAMES = {
    "calendar.example.org": [PUBLIC],
    "example.org": [PUBLIC],
    "localhost": ["127.0.0.1"],
    "localtest.me": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
    "metadata.azure.internal": ["168.63.129.16"],
    "alibaba-metadata.example.org": ["100.100.100.200"],
    "oracle-metadata.example.org": ["192.0.0.192"],
    "loopback-six.example.org": ["::1"],
    "mapped.example.org": ["::ffff:127.0.0.1"],
    "both.example.org": [PUBLIC, "10.0.0.5"],
    "both-six.example.org": [PUBLIC_SIX, "fe80::1"],
    "nat64.example.org": ["64:ff9b::a00:1"],
    "scoped.example.org": ["fe80::1%eth0"],
    "nonsense.example.org": ["not an address"],
    "nobody.example.org": [],
}

HOSTILE = [
    # numbers
    "https://127.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://017700000001/",
    "https://0177.0.0.1/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0x7f.1/",
    "https://0/",
    "https://0.0.0.0/",
    "https://10.0.0.1/",
    "https://192.168.1.1/",
    "https://172.16.0.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://2852039166/latest/meta-data/",
    "https://127.0.0.1./",
    "https://127.0.0.1:443/",
    "https://255.255.255.255/",
    "https://224.0.0.1/",
    "https://93.184.216.34/",
    "https://example.0x7f/",
    "https://example.127/",
    # version six
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[fe80::1%25eth0]/",
    "https://[fd00::1]:443/",
    "https://::1/",
    # names
    "https://localhost/",
    "https://localhost./",
    "https://LOCALHOST/",
    "https://localhost.localdomain./",
    "https://db/",
    "https://localtest.me/",
    "https://metadata.google.internal/computeMetadata/v1/",
    "https://metadata.azure.internal/",
    "https://alibaba-metadata.example.org/",
    "https://oracle-metadata.example.org/",
    "https://loopback-six.example.org/",
    "https://mapped.example.org/",
    "https://both.example.org/",
    "https://both-six.example.org/",
    "https://nat64.example.org/",
    "https://scoped.example.org/",
    "https://nonsense.example.org/",
    "https://nobody.example.org/",
    "https://calendar.example.org./",
    "https://.example.org/",
    "https://example..org/",
    "https://-example.org/",
    "https://exa_mple.org/",
    "https://" + "a" * 64 + ".example.org/",
    "https://" + "a." * 130 + "org/",
    # users and other tricks around the name
    "https://user:secret@calendar.example.org/",
    "https://user@calendar.example.org/",
    "https://@calendar.example.org/",
    "https://calendar.example.org@127.0.0.1/",
    "https://calendar.example.org:443@127.0.0.1/",
    "https://127.0.0.1\\@calendar.example.org/",
    "https://calendar.example.org\\@127.0.0.1/",
    "https:\\\\127.0.0.1\\",
    "https://calendar.example.org%40127.0.0.1/",
    "https://calendar.example.org%2f@127.0.0.1/",
    "https://127.0.0.1#@calendar.example.org/",
    "https://127.0.0.1?@calendar.example.org/",
    "https://%31%32%37.0.0.1/",
    "https://127.0.0.1%00.example.org/",
    "https:///calendar.example.org/",
    "https:/calendar.example.org/",
    "https:calendar.example.org/",
    "//calendar.example.org/",
    "calendar.example.org/",
    # letters
    "https://calendar.example.org/\r\nHost: localhost",
    "https://calendar\t.example.org/",
    "https://calendar.example.org/\n",
    " https://calendar.example.org/",
    "\x01https://calendar.example.org/",
    "https://calendar.example.org/a b",
    "https://calendar.example.org/\x00",
    "https://１２７.0.0.1/",
    "https://①②⑦.⓪.⓪.①/",
    "https://١٢٧.٠.٠.١/",
    "https://127。0。0。1/",
    "https://ⓛocalhost/",
    "https://ⅼocalhost.localdomain/",
    "https://exam\u00adple.org/",
    "https://example.org\u200b/",
    "https://ex\u0430mple.org/",
    "https://example.org\uff0f@127.0.0.1/",
    "https://example.org\u2100.localhost/",
    "",
    " ",
    # schemes and ports
    "http://calendar.example.org/",
    "file:///etc/passwd",
    "file://calendar.example.org/etc/passwd",
    "ftp://calendar.example.org/",
    "gopher://calendar.example.org:443/_GET",
    "dict://calendar.example.org/",
    "data:text/calendar,BEGIN:VCALENDAR",
    "javascript:alert(1)",
    "jar:https://calendar.example.org!/",
    "unix:///run/docker.sock",
    "https+unix://calendar.example.org/",
    "view-source:https://calendar.example.org/",
    "https://calendar.example.org:80/",
    "https://calendar.example.org:22/",
    "https://calendar.example.org:8443/",
    "https://calendar.example.org:0443/",
    "https://calendar.example.org:443:22/",
    "https://calendar.example.org:/",
    "https://calendar.example.org:-443/",
    "https://calendar.example.org/" + "a" * 2000,
]


def look_up(host: str) -> Sequence[str]:
    """Look up as generously as an old C library: every spelling of a number is an address, every name is a machine."""
    if host in NAMES:
        return NAMES[host]
    try:
        return [socket.inet_ntoa(socket.inet_aton(host))]
    except (OSError, UnicodeError):
        return ["127.0.0.1"]


def code_of(act: Callable[[], object]) -> str:
    """Return the code of the refusal, "" where nothing is refused."""
    try:
        act()
    except InputError as error:
        return error.code
    return ""


class Internet:
    """Answers each connection with the next answer, and records to which address it went and what was asked."""

    def __init__(self) -> None:
        self.connected: list[tuple[str, int, str]] = []
        self.answers: list[bytes] = []
        self.dead: set[str] = set()
        self._far_ends: list[socket.socket] = []

    def connect(self, address: str, port: int, host: str, _seconds: float) -> socket.socket:
        self.connected.append((address, port, host))
        if address in self.dead:
            raise ConnectionRefusedError
        near, far = socket.socketpair()
        self._far_ends.append(far)
        far.sendall(self.answers.pop(0))
        far.shutdown(socket.SHUT_WR)
        return near

    def asked(self) -> list[str]:
        return [far.recv(65536).decode("ascii") for far in self._far_ends]

    def close(self) -> None:
        for far in self._far_ends:
            far.close()

    def fetch(self, url: str, *answers: bytes, most_bytes: int = 1000) -> bytes:
        self.answers += answers
        return fetch(url, resolve=look_up, connect=self.connect, most_bytes=most_bytes)

    def refusal(self, url: str, *answers: bytes, most_bytes: int = 1000) -> str:
        with pytest.raises(InputError) as caught:
            self.fetch(url, *answers, most_bytes=most_bytes)
        assert caught.value.code in REFUSALS
        assert str(caught.value) == REFUSALS[caught.value.code] % caught.value.values
        return caught.value.code


@pytest.fixture
def internet() -> Iterator[Internet]:
    made = Internet()
    yield made
    made.close()


def moved(location: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode("latin-1")


class TestWhereItGoes:
    @pytest.mark.parametrize("url", HOSTILE)
    def test_no_connection_is_made_to_a_hostile_address(self, internet: Internet, url: str) -> None:
        internet.refusal(url, OK)

        assert internet.connected == []

    @pytest.mark.parametrize(
        ("url", "code"),
        [
            ("https://metadata.google.internal/", "address_refused"),
            ("https://localtest.me/", "address_refused"),
            ("https://both.example.org/", "address_refused"),
            ("https://nobody.example.org/", "address_unresolved"),
            ("https://[::1]/", "url_host"),
            ("https://user:secret@calendar.example.org/", "url_credentials"),
            ("https://calendar.example.org:22/", "url_port"),
            ("https://calendar.example.org/\n", "url_characters"),
            ("http://calendar.example.org/", "url_scheme"),
            ("", "url_scheme"),
            (URL + "?" + "a" * 2000, "url_too_long"),
        ],
    )
    def test_a_refusal_says_why(self, internet: Internet, url: str, code: str) -> None:
        assert internet.refusal(url) == code

    def test_a_name_is_looked_up_as_a_whole_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = []

        def getaddrinfo(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
            asked.append(host)
            return [(0, 0, 0, "", (address, 443)) for address in (PUBLIC_SIX, PUBLIC, PUBLIC)]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

        assert resolve_name("calendar.example.org") == [PUBLIC_SIX, PUBLIC]
        assert asked == ["calendar.example.org."]

    def test_the_hostile_addresses_are_many_and_different(self) -> None:
        assert len(set(HOSTILE)) == len(HOSTILE) >= 100

    def test_the_recorder_does_record_a_public_address(self, internet: Internet) -> None:
        assert internet.fetch(URL, OK) == b"room"
        assert internet.connected == [(PUBLIC, 443, "calendar.example.org")]

    @given(st.text(max_size=40) | st.from_regex(r"https://[ -~]{1,40}", fullmatch=True))
    def test_whatever_is_typed_only_public_addresses_are_connected(self, url: str) -> None:
        internet = Internet()

        assert code_of(lambda: fetch(url, resolve=look_up, connect=internet.connect)) in REFUSALS
        assert internet.connected == []

    def test_a_name_that_changes_its_answer_gains_nothing(self, internet: Internet) -> None:
        answers = [[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]]
        internet.answers = [moved("/a"), moved("/b"), OK]

        assert fetch(URL, resolve=lambda _: answers.pop(0), connect=internet.connect) == b"room"
        assert [address for address, *_ in internet.connected] == [PUBLIC] * 3
        assert len(answers) == 2

    def test_the_next_address_is_tried_where_one_is_dead(self, internet: Internet) -> None:
        internet.dead, internet.answers = {PUBLIC_SIX}, [OK]

        assert fetch(URL, resolve=lambda _: [PUBLIC_SIX, PUBLIC], connect=internet.connect) == b"room"
        assert [address for address, *_ in internet.connected] == [PUBLIC_SIX, PUBLIC]

    def test_a_host_without_a_living_address_is_said_to_fail(self, internet: Internet) -> None:
        internet.dead = {PUBLIC}

        assert internet.refusal(URL) == "fetch_failed"

    @pytest.mark.parametrize("error", [socket.gaierror(-2, "unknown"), UnicodeError("label too long")])
    def test_a_name_that_nobody_knows_is_refused(self, error: Exception) -> None:
        def unknown(host: str) -> Sequence[str]:
            raise error

        with pytest.raises(InputError) as caught:
            fetch(URL, resolve=unknown)
        assert caught.value.code == "address_unresolved"

    def test_a_refusal_does_not_tell_the_address_inside(self, internet: Internet) -> None:
        with pytest.raises(InputError) as caught:
            internet.fetch("https://both.example.org/")
        assert "10.0.0.5" not in f"{caught.value} {caught.value.values}"

    @pytest.mark.parametrize(
        ("url", "asked"),
        [
            ("webcal://calendar.example.org/a.ics?x=1&y=@#top", "/a.ics?x=1&y=@"),
            ("WEBCALS://Calendar.Example.ORG:443", "/"),
            ("HTTPS://calendar.example.org?a=b", "/?a=b"),
            (
                "https://calendar.example.org/me%40example.org/private-0a/basic.ics",
                "/me%40example.org/private-0a/basic.ics",
            ),
        ],
    )
    def test_calendar_links_are_read_as_https(self, internet: Internet, url: str, asked: str) -> None:
        internet.fetch(url, OK)

        assert internet.asked()[0].startswith(f"GET {asked} HTTP/1.1\r\nHost: calendar.example.org\r\n")

    def test_no_cookie_and_no_password_is_sent_and_nothing_packed_is_asked(self, internet: Internet) -> None:
        internet.fetch(URL, moved("/other").replace(b"\r\n\r\n", b"\r\nSet-Cookie: a=b\r\n\r\n"), OK)

        for asked in internet.asked():
            names = [line.partition(":")[0] for line in asked.split("\r\n")[1:] if line]
            assert sorted(names) == ["Accept", "Accept-Encoding", "Connection", "Host", "User-Agent"]
            assert "Accept-Encoding: identity" in asked


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            *("127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"),  # noqa: S104
            *("192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250"),
            *("240.0.0.1", "255.255.255.255", "168.63.129.16", "192.88.99.1", "0177.0.0.1", "127.1", "", "example.org"),
            *("::", "::1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::127.0.0.1", "fc00::1", "fd00::1", "fe80::1"),
            *("fe80::1%eth0", "2606:4700::1%eth0", "ff02::1", "fec0::1", "2001:db8::1", "2001::1", "2001:10::1"),
            *("2002:7f00:1::1", "2002:808:808::1", "3fff::1", "5f00::1", "100::1", "4000::1"),
            *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::e000:1", "64:ff9b:1::808:808", "64:ff9b::1:808:808"),
        ],
    )
    def test_it_is_not_public(self, address: str) -> None:
        assert not is_public(address)

    @pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", PUBLIC_SIX, "2a00:1450::1", "64:ff9b::808:808"])
    def test_it_is_public(self, address: str) -> None:
        assert is_public(address)


class TestRedirects:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_three_on_the_same_host_are_followed(self, internet: Internet, status: int) -> None:
        hops = [moved(f"https://calendar.example.org/{hop}", status) for hop in "ab"]

        assert internet.fetch(URL, *hops, moved("?c", status), OK) == b"room"
        assert [asked.split()[1] for asked in internet.asked()] == ["/room.ics", "/a", "/b", "/b?c"]

    def test_a_fourth_is_refused(self, internet: Internet) -> None:
        assert internet.refusal(URL, *[moved("/a")] * 4) == "fetch_redirect"
        assert len(internet.connected) == 4

    @pytest.mark.parametrize(
        ("location", "code"),
        [
            ("https://example.org/", "fetch_redirect"),
            ("//example.org/", "fetch_redirect"),
            ("https://127.0.0.1/", "url_host"),
            ("//[::1]/", "url_host"),
            ("http://calendar.example.org/", "url_scheme"),
            ("file:///etc/passwd", "url_scheme"),
            ("https://calendar.example.org:22/", "url_port"),
            ("https://user:secret@calendar.example.org/", "url_credentials"),
            ("/\\example.org/", "url_characters"),
            ("/a\tb", "url_characters"),
            ("/café", "url_characters"),
            ("/" + "a" * 2000, "url_too_long"),
        ],
    )
    def test_each_is_checked_like_what_was_typed(self, internet: Internet, location: str, code: str) -> None:
        assert internet.refusal(URL, moved(location), OK) == code
        assert len(internet.connected) == 1

    def test_one_to_nowhere_is_refused(self, internet: Internet) -> None:
        assert internet.refusal(URL, b"HTTP/1.1 302 Found\r\n\r\n") == "fetch_status"


class TestWhatComesBack:
    def test_a_file_in_pieces_and_one_without_a_length_are_read(self, internet: Internet) -> None:
        pieces = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nro\r\n2\r\nom\r\n0\r\n\r\n"

        assert internet.fetch(URL, pieces) == b"room"
        assert internet.fetch(URL, b"HTTP/1.1 200 OK\r\nContent-Encoding: Identity\r\n\r\nroom") == b"room"

    @pytest.mark.parametrize(
        "answer",
        [
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nrooms",
            b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n\r\nrooms",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nroom\r\n1\r\ns\r\n0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\nffff\r\n" + b"r" * 70_000,
        ],
    )
    def test_a_file_over_the_limit_is_refused(self, internet: Internet, answer: bytes) -> None:
        assert internet.refusal(URL, answer, most_bytes=4) == "fetch_too_large"

    def test_a_file_at_the_limit_is_read(self, internet: Internet) -> None:
        assert internet.fetch(URL, OK, most_bytes=4) == b"room"

    @pytest.mark.parametrize(
        "header", ["Content-Encoding: gzip", "Content-Encoding: br", "Transfer-Encoding: gzip, chunked"]
    )
    def test_a_packed_file_is_refused(self, internet: Internet, header: str) -> None:
        assert internet.refusal(URL, f"HTTP/1.1 200 OK\r\n{header}\r\n\r\nx".encode()) == "fetch_encoding"

    @pytest.mark.parametrize("status", [204, 206, 304, 401, 403, 404, 500])
    def test_an_answer_without_a_file_is_refused(self, internet: Internet, status: int) -> None:
        assert internet.refusal(URL, f"HTTP/1.1 {status} x\r\nContent-Length: 0\r\n\r\n".encode()) == "fetch_status"

    @pytest.mark.parametrize(
        "answer",
        [
            b"",
            b"SSH-2.0-OpenSSH_9.2\r\n",
            b"HTTP/1.1 abc\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n",
            b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70_000,
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        ],
    )
    def test_half_an_answer_is_not_taken_for_a_file(self, internet: Internet, answer: bytes) -> None:
        assert internet.refusal(URL, answer) == "fetch_failed"

    @given(st.binary(max_size=60) | st.binary(max_size=60).map(lambda tail: b"HTTP/1.1 200 OK\r\n" + tail))
    def test_whatever_a_server_answers_is_a_file_or_a_refusal(self, answer: bytes) -> None:
        internet = Internet()
        internet.answers = [answer]

        code = code_of(lambda: fetch(URL, resolve=look_up, connect=internet.connect))
        internet.close()

        assert code in {"", *REFUSALS}


class TestTime:
    def test_a_server_that_sends_a_letter_now_and_then_is_left_in_time(self) -> None:
        near, far = socket.socketpair()
        done = threading.Event()

        def dribble() -> None:
            with far, suppress(BrokenPipeError):
                far.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
                while not done.wait(0.02):
                    far.sendall(b"r")

        server = threading.Thread(target=dribble, daemon=True)
        server.start()
        with pytest.raises(InputError) as caught:
            fetch(URL, resolve=look_up, connect=lambda *_: near, seconds=0.2)
        done.set()

        assert caught.value.code == "fetch_timeout"

    def test_a_silent_server_and_a_slow_name_are_left_in_time(self) -> None:
        near, far = socket.socketpair()
        answered = threading.Event()

        def slow(host: str) -> Sequence[str]:
            answered.wait(5)
            return [PUBLIC]

        def silent(*_: object) -> socket.socket:
            raise TimeoutError

        with far:
            assert (
                code_of(lambda: fetch(URL, resolve=look_up, connect=lambda *_: near, seconds=0.05)) == "fetch_timeout"
            )
        assert code_of(lambda: fetch(URL, resolve=slow, seconds=0.05)) == "fetch_timeout"
        assert code_of(lambda: fetch(URL, resolve=look_up, connect=silent)) == "fetch_timeout"
        assert code_of(lambda: fetch(URL, resolve=look_up, connect=silent, seconds=0)) == "fetch_timeout"
        answered.set()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of calendar.example.org that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "calendar.example.org")])
    began = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key(), serial_number=1)
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=30_000))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("calendar.example.org")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *private) + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[tuple[int, list[str]]]:
    """A server on this machine that answers one connection; yields its port and the names it was called by."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names: list[str] = []
    context.sni_callback = lambda _, name, __: names.append(name or "")

    def answer() -> None:
        try:
            with listening.accept()[0] as plain, context.wrap_socket(plain, server_side=True) as connected:
                connected.recv(65536)
                connected.sendall(OK)
        except OSError:
            return  # the caller did not trust us

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = threading.Thread(target=answer)
        server.start()
        yield listening.getsockname()[1], names
        server.join(5)


class TestCertificates:
    def test_a_file_comes_in_over_a_connection_whose_name_was_proved(
        self, tls_server: tuple[int, list[str]], certificate: Path
    ) -> None:
        port, names = tls_server
        context = ssl.create_default_context(cafile=str(certificate))

        def connect(address: str, port: int, host: str, seconds: float) -> socket.socket:
            assert address == PUBLIC
            return connect_securely("127.0.0.1", port, host, seconds, context)

        assert fetch(URL, resolve=look_up, connect=connect, port=port) == b"room"
        assert names == ["calendar.example.org"]

    @pytest.mark.parametrize("host", ["calendar.example.org", "example.org"])
    def test_a_certificate_that_nobody_signed_or_of_another_name_is_refused(
        self, tls_server: tuple[int, list[str]], certificate: Path, host: str
    ) -> None:
        port, _ = tls_server
        signed = ssl.create_default_context(cafile=str(certificate)) if host == "example.org" else None

        def connect(_address: str, port: int, host: str, seconds: float) -> socket.socket:
            return connect_securely("127.0.0.1", port, host, seconds, signed)

        assert (
            code_of(lambda: fetch(f"https://{host}/", resolve=look_up, connect=connect, port=port))
            == "fetch_certificate"
        )

    def test_nobody_listens(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]

        with pytest.raises(ConnectionRefusedError):
            connect_securely("127.0.0.1", port, "example.org", 1)
