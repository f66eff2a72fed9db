"""One file over HTTPS, checked against its sha256."""

from __future__ import annotations

import hashlib
import http.client
import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from scripts.console import Bar, SetupError

_TIMEOUT_S = 30
_CHUNK = 1 << 16
_BUNDLE_SETTINGS = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_BUNDLE_FILES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
    "/opt/homebrew/etc/openssl@3/cert.pem",
    "/usr/local/etc/openssl@3/cert.pem",
)


def download(url: str, sha256: str, target: Path, *, instead: str) -> None:
    """Write the file at `url` to `target`, whole or not at all.

    Args: sha256: hexadecimal digest the content must have. instead: what to do where the network
    refuses, as the second half of a sentence.
    Raises: SetupError when the file cannot be had, or is not the one expected.
    """
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    try:
        digest = _fetch(url, partial)
        if digest != sha256:
            raise SetupError(
                f"The file at {url} is not the one that uv.lock names (sha256 {digest[:12]}..., "
                f"expected {sha256[:12]}...): something between here and there changes downloads; "
                f"{instead}."
            )
        partial.replace(target)
    except (OSError, http.client.HTTPException) as error:
        raise SetupError(f"Cannot download {url} ({_reason(error)}): {instead}.") from error
    finally:
        partial.unlink(missing_ok=True)


def ca_bundles() -> Iterator[Path]:
    """Certificate bundles on this machine, those the person named first."""
    named = (os.environ.get(setting, "") for setting in _BUNDLE_SETTINGS)
    for path in (*named, *_BUNDLE_FILES):
        if path and Path(path).is_file():
            yield Path(path)


def _fetch(url: str, target: Path) -> str:
    digest = hashlib.sha256()
    with _open(url) as response, target.open("wb") as file:
        announced = int(response.headers.get("Content-Length") or 0)
        bar, size = Bar(announced), 0
        while chunk := response.read(_CHUNK):
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
            bar.at(size)
    if size < announced:
        raise ConnectionError(f"the connection broke off after {size} of {announced} bytes")
    return digest.hexdigest()


def _open(url: str) -> urllib.response.addinfourl:
    # Python's own certificate store is empty on some machines, where another program's is not.
    refused: OSError | None = None
    for bundle in (None, *ca_bundles()):
        try:
            context = ssl.create_default_context(cafile=bundle)
            response: urllib.response.addinfourl = urllib.request.urlopen(  # noqa: S310 - the lock's
                url, timeout=_TIMEOUT_S, context=context
            )
            return response
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ssl.SSLCertVerificationError):
                raise
            refused = error
        except ssl.SSLError as error:  # a bundle that is no certificate file
            refused = refused or error
    assert refused is not None
    raise refused


def _reason(error: OSError | http.client.HTTPException) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP {error.code}"
    if isinstance(error, urllib.error.URLError):
        error = error.reason if isinstance(error.reason, OSError) else error
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate is signed by nobody this machine knows; set SSL_CERT_FILE"
    if isinstance(error, TimeoutError):
        return f"no answer within {_TIMEOUT_S} s"
    return str(getattr(error, "strerror", None) or error or type(error).__name__)
