"""What happened, told to whoever has asked: outbox, relay, handlers."""
