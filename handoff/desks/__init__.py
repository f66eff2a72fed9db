"""The desks on which agents work: each satisfies `handoff.desk.Desk`."""
