"""Forms as data: definitions, answers, drafts, prefill."""
