"""The customer's door: gateway, turns, widget, demo shop page."""
