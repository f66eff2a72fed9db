"""How long tests wait for what must come: a machine may be slow, and a wait ends when it came."""

PATIENT_S = 60.0
