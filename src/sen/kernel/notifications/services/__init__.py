"""The verbs of the notifications: tell somebody, send what goes out, read, choose, send again."""
