"""A company's own systems over HTTP: its shop, and where its customers are known."""
