"""The database's connection: what an act writes is gathered into one statement."""
