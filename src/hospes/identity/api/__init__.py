"""What programs ask of this room, in JSON: the Authenticator and whoever speaks its protocol."""
