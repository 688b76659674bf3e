"""Filing: from what was typed to a dossier that waits for reception; and withdrawing it."""
