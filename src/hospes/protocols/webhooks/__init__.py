"""Standard Webhooks: how a message is signed, so that its receiver knows who sent it."""
