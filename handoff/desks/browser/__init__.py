"""The desk in the browser: for teams without a chat tool, and for when that is down."""
