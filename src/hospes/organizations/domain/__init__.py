"""Pure rules of organizations, invitations and work teams."""
