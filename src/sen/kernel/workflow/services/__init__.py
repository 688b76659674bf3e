"""The verbs of the workflow: publish a flow, move a run, hand tasks to people, stop the clock."""
