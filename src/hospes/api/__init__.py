"""The REST API's tokens, asynchronous tasks and webhooks, and the page that documents it."""
