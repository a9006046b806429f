"""Uploads are shown to a virus scanner behind an adapter; the ones that ship ask clamd, or nobody."""

import re
import socket
import struct
from typing import Protocol

import structlog
from django.conf import settings
from django.utils.module_loading import import_string

logger = structlog.get_logger(__name__)

PIECE = 1 << 16
SECONDS = 20
LONGEST_ANSWER = 4096
FOUND = re.compile(r"stream: (.+) FOUND")


class ScannerSilent(OSError):
    """The scanner does not answer, or could not judge: nobody knows whether the file is clean."""


class Scanner(Protocol):
    """Whatever a district's operator provides."""

    def scan(self, content: bytes) -> str:
        """Name of what was found, empty where nothing was.

        Raises:
            ScannerSilent: it could not be judged.
        """


class NoScanner:
    """Finds nothing, since it does not look: for development."""

    def scan(self, content: bytes) -> str:
        """Nothing."""
        return ""


class Clamd:
    """The daemon of ClamAV at LINLI_CLAMD, `host:port` or the path of a socket, asked with its command INSTREAM."""

    def scan(self, content: bytes) -> str:
        """Name of what was found, empty where nothing was.

        Raises:
            ScannerSilent: not reached, or not judged; a file beyond its StreamMaxLength is not.
        """
        try:
            with _connected(settings.LINLI_CLAMD) as link:
                link.sendall(b"zINSTREAM\0")
                for start in range(0, len(content), PIECE):
                    piece = content[start : start + PIECE]
                    link.sendall(struct.pack("!I", len(piece)) + piece)
                link.sendall(struct.pack("!I", 0))
                answer = _answer(link)
        except (OSError, ValueError) as error:
            raise ScannerSilent(f"clamd does not answer: {error}") from error
        if answer == "stream: OK":
            return ""
        if found := FOUND.fullmatch(answer):
            return found[1]
        raise ScannerSilent(f"clamd could not judge: {answer or 'no answer'}")


def scan(content: bytes) -> str:
    """Ask the scanner that the settings name; what it finds goes to the log.

    Raises:
        ScannerSilent: it could not be judged, and is not to be let in.
    """
    scanner: Scanner = import_string(settings.LINLI_SCAN_ADAPTER)()
    try:
        found = scanner.scan(content)
    except ScannerSilent as silent:
        logger.warning("the virus scanner is silent", error=str(silent))
        raise
    if found:
        logger.warning("an infected upload was refused", found=found)
    return found


def _connected(address: str) -> socket.socket:
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    link.settimeout(SECONDS)
    try:
        link.connect(address)
    except OSError:
        link.close()
        raise
    return link


def _answer(link: socket.socket) -> str:
    """All that is said until the end mark, or until the other side hangs up."""
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER and (more := link.recv(LONGEST_ANSWER)):
        said += more
    return said.rstrip(b"\0").decode(errors="replace").strip()
