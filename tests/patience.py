"""How long tests wait for what must come: a machine may be slow, and a wait ends when it came."""

import pytest

from store.live import LocalListener

PATIENT_S = 60.0


def only_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nobody looks again by themselves: what comes was brought by a wake."""
    wait = LocalListener.wait

    async def woken(listener: LocalListener, timeout_s: float) -> bool:
        return await wait(listener, 10 * PATIENT_S)

    monkeypatch.setattr(LocalListener, "wait", woken)
