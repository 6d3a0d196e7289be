"""Pages of workspaces: one module for each thing a person comes to see."""
