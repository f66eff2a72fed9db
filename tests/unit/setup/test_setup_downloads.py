"""What set-up fetches: the wheel for this machine, checked, through any certificate store."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from machines import served

from scripts import uv_binary
from scripts.console import SetupError
from scripts.download import download

HERE = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("system", "machine", "libc", "expected"),
    [
        ("darwin", "arm64", "", "macosx_11_0_arm64"),
        ("darwin", "x86_64", "", "macosx_10_12_x86_64"),
        ("linux", "x86_64", "glibc", "manylinux_2_17_x86_64.manylinux2014_x86_64"),
        ("linux", "x86_64", "", "musllinux_1_1_x86_64"),
        ("linux", "aarch64", "glibc", "manylinux_2_17_aarch64.manylinux2014_aarch64"),
        ("linux", "aarch64", "", "musllinux_1_1_aarch64"),
    ],
)
def test_the_lock_has_a_uv_for_every_machine(monkeypatch, system, machine, libc, expected):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr("platform.libc_ver", lambda: (libc, "2.36" if libc else ""))
    lock = tomllib.loads((HERE / "uv.lock").read_text())
    (pinned,) = (package for package in lock["package"] if package["name"] == "uv")
    wheel = uv_binary.choose_wheel(pinned["wheels"], uv_binary.platform_tags())
    assert expected in wheel["url"]
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", wheel["hash"])


def test_a_machine_without_a_wheel_is_told_so(monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: "vax")
    wheels = [{"url": "https://x/uv-1-py3-none-win_amd64.whl"}]
    with pytest.raises(SetupError, match=r"no uv for \w+ vax: install uv yourself"):
        uv_binary.choose_wheel(wheels, uv_binary.platform_tags())


def test_a_download_is_written_whole_when_its_sha256_is_right(tmp_path, capfd):
    content = b"wheel" * 100_000
    with served(content) as url:
        download(f"{url}/x", hashlib.sha256(content).hexdigest(), tmp_path / "x", instead="-")
    assert (tmp_path / "x").read_bytes() == content
    assert "100 % of 0 MB" in capfd.readouterr().err


def test_a_download_that_was_tampered_with_is_refused(tmp_path):
    with served(b"other") as url, pytest.raises(SetupError, match="not the one that uv"):
        download(f"{url}/x", "0" * 64, tmp_path / "x", instead="do that")
    assert list(tmp_path.iterdir()) == []


def test_a_refused_download_says_what_to_do(tmp_path):
    with (
        served(b"") as url,
        pytest.raises(SetupError, match=r"\(HTTP 403\): install it yourself\."),
    ):
        download(f"{url}/x", "0" * 64, tmp_path / "x", instead="install it yourself")


def test_a_download_that_breaks_off_is_told_as_such(tmp_path):
    with (
        served(b"whe", missing=2) as url,
        pytest.raises(SetupError, match="broke off after 3 of 5"),
    ):
        download(f"{url}/x", "0" * 64, tmp_path / "x", instead="do that")
    assert list(tmp_path.iterdir()) == []


def test_no_network_is_told_in_one_sentence(tmp_path):
    with pytest.raises(SetupError, match=r"^Cannot download .* \(Connection refused\): do that\.$"):
        download("http://127.0.0.1:9/x", "0" * 64, tmp_path / "x", instead="do that")


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    openssl = shutil.which("openssl", path="/usr/bin:/opt/homebrew/bin:/usr/local/bin")
    if openssl is None:
        pytest.skip("openssl is not installed")
    key, signed = tmp_path / "key.pem", tmp_path / "certificate.pem"
    words = (
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=x -addext subjectAltName=IP:127.0.0.1"
    )
    subprocess.run(
        [openssl, *words.split(), "-keyout", key, "-out", signed], check=True, capture_output=True
    )
    signed.write_text(key.read_text() + signed.read_text())
    return signed


def test_an_authority_that_only_pip_was_told_of_is_trusted(tmp_path, certificate, monkeypatch):
    monkeypatch.setenv("PIP_CERT", str(certificate))
    with served(b"wheel", certificate) as url:
        sha256 = hashlib.sha256(b"wheel").hexdigest()
        download(f"{url}/x", sha256, tmp_path / "x", instead="-")
    assert (tmp_path / "x").read_bytes() == b"wheel"


def test_an_unknown_authority_is_refused_with_what_to_set(tmp_path, certificate):
    with served(b"wheel", certificate) as url, pytest.raises(SetupError, match="set SSL_CERT_FILE"):
        download(f"{url}/x", "0" * 64, tmp_path / "x", instead="-")
