"""Finding a uv, a Python 3.10 and a browser that work."""

from __future__ import annotations

import hashlib
import io
import re
import sys
import zipfile

import pytest
from machines import BROKEN_SHIM, UV, program, served

from scripts import browser, python310, setup, uv_binary
from scripts.console import SetupError


def test_a_broken_shim_and_an_old_uv_are_passed_over(root, tmp_path, monkeypatch):
    program(tmp_path / "shims/uv", BROKEN_SHIM)
    program(tmp_path / "old/uv", "#!/bin/sh\necho 'uv 0.8.24'\n")
    good = program(tmp_path / "good/uv", UV)
    monkeypatch.setenv("PATH", ":".join(str(tmp_path / name) for name in ("shims", "old", "good")))
    assert uv_binary.find_uv(root) == good


def test_the_uv_a_person_names_comes_first(root, tmp_path, monkeypatch):
    program(tmp_path / "bin/uv", UV)
    named = program(tmp_path / "mine/uv", UV)
    monkeypatch.setenv("UV", str(named))
    assert uv_binary.find_uv(root) == named


def wheel_of(binary: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as wheel:
        wheel.writestr("uv-0.13.9.data/scripts/uv", binary)
        wheel.writestr("uv-0.13.9.data/scripts/uvx", "other")
    return archive.getvalue()


def lock_with(url: str, content: bytes, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(uv_binary, "platform_tags", lambda: re.compile("any"))
    return (
        '[[package]]\nname = "uv"\nversion = "0.13.9"\nwheels = [{ '
        f'url = "{url}/uv-0.13.9-py3-none-any.whl", '
        f'hash = "sha256:{hashlib.sha256(content).hexdigest()}" }}]\n'
    )


def test_where_there_is_no_uv_the_pinned_wheel_is_unpacked_once(root, monkeypatch, capfd):
    content = wheel_of(UV)
    with served(content) as url:
        (root / "uv.lock").write_text(lock_with(url, content, monkeypatch))
        fetched = uv_binary.find_uv(root)
    assert fetched == root / ".tools/uv"
    assert [path.name for path in (root / ".tools").iterdir()] == ["uv"]
    assert uv_binary.find_uv(root) == fetched  # with the server gone
    assert capfd.readouterr().err.count("fetching uv 0.13.9") == 1


def test_a_fetched_uv_that_does_not_run_is_reported(root, monkeypatch):
    content = wheel_of(BROKEN_SHIM)
    with served(content) as url, pytest.raises(SetupError, match="does not run"):
        (root / "uv.lock").write_text(lock_with(url, content, monkeypatch))
        uv_binary.find_uv(root)


def test_uv_trusts_what_this_machine_trusts(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PIP_CERT", str(tmp_path))  # a folder is no bundle
    (tmp_path / "company.pem").write_text("")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "company.pem"))
    assert uv_binary.uv_settings()["SSL_CERT_FILE"] == str(tmp_path / "company.pem")
    monkeypatch.setenv("SSL_CERT_FILE", "as the person says")
    assert uv_binary.uv_settings()["SSL_CERT_FILE"] == "as the person says"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert uv_binary.uv_settings()["UV_SYSTEM_CERTS"] == "true"


def test_pyenv_versions_are_found_behind_a_broken_shim(tmp_path, monkeypatch):
    uv = program(tmp_path / "uv", f"#!/bin/sh\necho {tmp_path}/bin/python3.10\n")
    program(tmp_path / "bin/python3.10", BROKEN_SHIM)
    program(tmp_path / "pyenv/versions/3.10.1/bin/python3.10", BROKEN_SHIM)
    program(tmp_path / "pyenv/versions/3.10.0/bin/python3.10", "#!/bin/sh\necho 3.10\n")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    assert python310.find_python(uv) == tmp_path / "pyenv/versions/3.10.0/bin/python3.10"


def test_a_pyenv_on_the_path_shows_where_its_versions_are(tmp_path):
    uv = program(tmp_path / "uv", "#!/bin/sh\nexit 2\n")
    program(tmp_path / "pyenv/libexec/pyenv", UV)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/pyenv").symlink_to(tmp_path / "pyenv/libexec/pyenv")
    there = program(tmp_path / "pyenv/versions/3.10.4/bin/python3.10", "#!/bin/sh\necho 3.10\n")
    assert there in list(python310.candidates(uv))


def test_another_version_under_that_name_is_passed_over(tmp_path):
    assert not python310.runs_wanted(program(tmp_path / "python3.10", "#!/bin/sh\necho 3.11\n"))


def test_uv_fetches_python_where_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setattr(python310, "candidates", lambda uv: iter(()))
    python = tmp_path / "fetched"
    body = f"printf '#!/bin/sh\\necho 3.10\\n' > {python}; chmod +x {python}"
    text = f'#!/bin/sh\nPATH=/usr/bin:/bin\n[ "$2" = install ] && {{ {body}; }}\necho {python}\n'
    assert python310.find_python(program(tmp_path / "uv", text)) == python


def test_where_no_python_can_be_had_one_sentence_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(python310, "candidates", lambda uv: iter(()))
    uv = program(tmp_path / "uv", "#!/bin/sh\nexit 2\n")
    with pytest.raises(SetupError, match=r"^Rasa needs Python 3\.10, .* `pyenv install 3\.10`"):
        python310.find_python(uv)


def no_apt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "_may_use_apt", lambda: False)
    monkeypatch.setattr(browser, "_MAC", ())


def test_a_browser_that_starts_is_found(tmp_path, monkeypatch):
    no_apt(monkeypatch)
    program(tmp_path / "bin/chromium", BROKEN_SHIM)
    works = program(tmp_path / "bin/google-chrome", "#!/bin/sh\necho Chrome 140\n")
    assert browser.find_browser() == works


def test_playwrights_own_browser_comes_first_and_the_newest_of_them(tmp_path, monkeypatch):
    no_apt(monkeypatch)
    program(tmp_path / "bin/chromium", UV)
    for build in ("1180", "1190"):
        program(tmp_path / f"home/.cache/ms-playwright/chromium-{build}/chrome-linux/chrome", UV)
    found = browser.find_browser()
    assert found is not None and "chromium-1190" in str(found)


def test_without_a_browser_the_reason_is_told_and_nothing_fails(monkeypatch, capfd):
    no_apt(monkeypatch)
    assert setup.main(["browser"]) == 0
    assert "the browser tests will be skipped, no Chromium found: " in capfd.readouterr().err


def test_debians_chromium_is_installed_where_that_is_allowed(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(browser, "_may_use_apt", lambda: True)
    monkeypatch.setattr(browser, "_MAC", ())
    chromium = tmp_path / "bin/chromium"
    make = f"printf '#!/bin/sh\\n' > {chromium}; /bin/chmod +x {chromium}"
    program(tmp_path / "bin/apt-get", f"#!/bin/sh\n[ $1 = install ] && {{ {make}; }}\n")
    browser.set_up_browser()
    assert browser.find_browser() == chromium
    assert "skipped" not in capfd.readouterr().err
