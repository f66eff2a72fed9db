"""How the assistant speaks, checked: `heard lint` and the tests hold every text to these rules."""
