"""Custom actions: customer context, effort, shop tasks, handing over."""
