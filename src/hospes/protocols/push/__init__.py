"""The Authenticator's questions and answers: who may answer what, until when, proved by what."""
