"""This room's endpoints of the REST API: organizations, members, invitations, teams, products."""
