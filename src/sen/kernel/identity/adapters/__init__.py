"""What identity plugs into Django and allauth, and the protocol of the national identity."""
