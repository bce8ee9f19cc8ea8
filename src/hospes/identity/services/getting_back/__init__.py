"""Ways back in for people whose address, login or every second step is gone."""
