"""Users, workspaces, members, roles, invitations and the audit trail."""
