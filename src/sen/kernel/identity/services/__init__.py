"""The verbs of identity. Whether the actor may do it, the caller has asked `access` before."""
