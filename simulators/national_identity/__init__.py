"""A stand-in for the national electronic identity: OpenID Connect with two levels and faults."""
